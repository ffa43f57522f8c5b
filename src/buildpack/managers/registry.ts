import { chmod, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { FnError } from '../../base/error.ts';
import type { Environment } from '../../base/setting.ts';
import { isTable } from '../../base/table.ts';
import { explainFailure } from './failure.ts';
import { NPM } from './npm.ts';
import { ONE_RUN } from './one-run.ts';

/** Where npm runs: its configuration is the app's and the environment's. */
export interface NpmSite {
  readonly env: Environment;
  readonly appDir: string;
}

/** A package's tarball. */
export interface Tarball {
  readonly path: string;
  /** What the registry promises of its bytes, as `sha512-<base64>`. */
  readonly integrity: string;
}

/** What may be said of other managers in `devEngines` does not concern what npm is asked here: it takes --force. */
export const QUIET_FLAGS: readonly string[] = ['--force', '--loglevel=error', '--no-update-notifier'];

/** What the builder's npm prints. */
export async function askNpm(args: readonly string[], { appDir, env }: NpmSite): Promise<string> {
  const result = await execa('npm', [...args, ...QUIET_FLAGS], {
    cwd: appDir,
    env: { ...env, ...ONE_RUN },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  if (!result.failed) return result.stdout.trim();
  const act = `fetch ${args[1] ?? 'npm'} with npm`;
  throw explainFailure(result.stderr, { program: 'npm', act, rows: NPM.failures, scripts: {}, cause: result.cause });
}

/** Downloads a package; npm compares its bytes with the integrity that the registry promises. */
export async function downloadPackage(spec: string, folder: string, site: NpmSite): Promise<Tarball> {
  const told: unknown = JSON.parse(await askNpm(['pack', spec, '--json', '--pack-destination', folder], site));
  const [entry] = Object.values(isTable(told) || Array.isArray(told) ? told : {});
  if (isTable(entry)) return { path: join(folder, String(entry['filename'])), integrity: String(entry['integrity']) };
  throw new FnError(`Couldn't fetch ${spec}: npm does not say where it put it.`, {
    code: 'OFN-DEPS-MANAGER',
    hint: `Run "npm pack ${spec} --json" and report what it prints.`,
  });
}

/** Unpacks a tarball without its topmost folder; `only` are patterns and options of GNU tar that choose from it. */
export async function unpackTarball(tarball: string, into: string, only: readonly string[] = []): Promise<void> {
  await mkdir(into, { recursive: true });
  const args = ['--extract', '--gzip', '--file', tarball, '--directory', into, '--strip-components=1', ...only];
  const result = await execa('tar', args, { reject: false });
  if (result.failed) {
    const [why] = (result.stderr || (result.shortMessage ?? '')).trim().split('\n');
    throw new FnError(`Couldn't unpack ${basename(tarball)}: ${why}.`, {
      code: 'OFN-DEPS-INTEGRITY',
      hint: 'It has the bytes that were promised, and is no archive with what the build needs: look at it where it comes from.',
    });
  }
  await chmod(into, 0o755);
}
