import { FnError, messageOf } from '../../../base/error.ts';
import { isTable, type Table } from '../../../base/table.ts';
import { parseJsonTable } from '../../project/json-file.ts';
import type { ManagerChoice } from '../../managers/choose.ts';
import type { ManagerName } from '../../managers/manager.ts';
import { FRAMEWORK } from '../../framework-layer/framework-names.ts';
import { readBunLock } from './bun-lock.ts';
import type { Lock } from './locked.ts';
import { readNpmLock } from './npm-lock.ts';
import { readPnpmLock } from './pnpm-lock.ts';
import { readYarnBerryLock, readYarnClassicLock } from './yarn-lock.ts';

const READERS: Readonly<Record<ManagerName, (text: string, name: string) => Promise<Lock | undefined>>> = {
  npm: async (text, name) => readNpmLock(parseJsonTable(text, name, 'OFN-DEPS-LOCK')),
  pnpm: async (text, name) => readDecoded(text, name, readPnpmLock),
  yarn: async (text, name) =>
    text.includes('__metadata:') ? readDecoded(text, name, readYarnBerryLock) : readYarnClassicLock(text),
  bun: async (text, name) => readDecoded(text, name, readBunLock),
};

/**
 * Reads the lock file of a project, without the framework, which the image has by itself. Undefined where there is none,
 * and where it can not be read without its package manager (bun.lockb). OFN-DEPS-LOCK when it is broken.
 */
export async function readLock({ manager, lock }: ManagerChoice): Promise<Lock | undefined> {
  if (lock === undefined || lock.name === 'bun.lockb') return undefined;
  const { name, text } = lock;
  return READERS[manager.name](
    text.includes(FRAMEWORK.name) ? manager.withoutPackage(text, FRAMEWORK.name) : text,
    name,
  );
}

/** Decodes YAML, of which bun's JSON with commas at the end is a part too; of several documents the last is meant. */
async function readDecoded(text: string, name: string, read: (lock: Table) => Lock): Promise<Lock | undefined> {
  const { FAILSAFE_SCHEMA, loadAll } = await import('js-yaml');
  const decoded = decode(name, () => loadAll(text, { schema: FAILSAFE_SCHEMA }).at(-1));
  return isTable(decoded) ? read(decoded) : undefined;
}

function decode(name: string, load: () => unknown): unknown {
  try {
    return load();
  } catch (error) {
    throw new FnError(`Couldn't read ${name}: ${messageOf(error)}.`, {
      code: 'OFN-DEPS-LOCK',
      hint: 'Let the package manager write the lock file anew, and commit it.',
      cause: error,
    });
  }
}
