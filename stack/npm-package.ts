import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { read } from '../scripts/command.ts';
import { run } from './program.ts';

/** Downloads a package with npm's own configuration, checks it against the pinned integrity and unpacks it. */
export async function fetchPackage(
  wanted: { readonly name: string; readonly version: string; readonly integrity: string },
  scratch: string,
): Promise<string> {
  const folder = join(scratch, wanted.name);
  await mkdir(folder, { recursive: true });
  const spec = `${wanted.name}@${wanted.version}`;
  const file = (await read('npm', ['pack', '--silent', spec], { cwd: folder })).trim();
  const bytes = await readFile(join(folder, file));
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (integrity !== wanted.integrity) {
    throw new Error(
      `Couldn't trust ${spec}: its integrity is ${integrity}, stack/stack.json says ${wanted.integrity}.`,
    );
  }
  await run('tar', ['--extract', '--gzip', '--no-same-owner', '--file', file], folder);
  return join(folder, 'package');
}
