import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { findTools } from '../../../scripts/tools.ts';
import { SBOM_FORMATS, type SbomFormat } from '../../../src/libcnb/sbom.ts';
import { ROOT } from '../../support/artefact.ts';
import { faultsOf } from '../../support/sbom-schema.ts';
import { makeFolder } from '../../support/workspace.ts';

/** What `findTools` prints, then the pack it found, where `pack` on PATH is this script. */
async function findPack(script: string): Promise<string[]> {
  const bin = makeFolder();
  writeFileSync(join(bin, 'pack'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'pack'), 0o755);
  const code = `import { findTools } from './scripts/tools.ts'; console.log((await findTools()).pack);`;
  const args = ['--input-type=module', '--eval', code];
  const env = { PATH: `${bin}:${process.env['PATH']}` };
  const { stdout } = await execa(process.execPath, args, { cwd: ROOT, env });
  return stdout.split('\n');
}

test('a pack on PATH that is new enough is used', async () => {
  expect(await findPack('echo 0.40.6+git-1.build-2')).toEqual(['pack']);
});

test.each([
  ['fails', 'exit 3', 'Command failed with exit code 3: pack version'],
  ['is too old', 'echo 0.30.0', '0.30.0'],
  ['says something else', 'echo hello', 'hello'],
])('a pack on PATH that %s is left aside, and a line says so', async (_, script, answer) => {
  const [line, pack] = await findPack(script);
  expect(line).toBe(`pack on PATH is not used, it has to be 0.36.0 or later: ${answer}`);
  expect(pack).not.toBe('pack');
});

test('the pack that is built says the version that is pinned', async () => {
  const [, pack = ''] = await findPack('exit 1');
  const pinned = /buildpacks\/pack v(\S+)/.exec(readFileSync(join(ROOT, 'tools/pack/go.mod'), 'utf8'))?.[1];
  expect((await execa(pack, ['version'])).stdout).toContain(pinned);
});

test.each(['lifecycle', 'launcher'])(
  'the lifecycle has bills of the %s, with the modules that Go built into it',
  async (program) => {
    const { lifecycleTar } = await findTools();
    const folder = makeFolder();
    await execa('tar', ['--extract', '--file', lifecycleTar, '--directory', folder]);
    const bin = join(folder, 'lifecycle');
    const told = (await execa('go', ['version', '-m', join(bin, program)])).stdout.split('\n');
    const modules = told.flatMap((line) => /^\t(?:mod|dep)\t(\S+)\t(\S+)/.exec(line)?.slice(1, 3).join('@') ?? []);
    for (const [format, { extension }] of Object.entries(SBOM_FORMATS)) {
      const document = JSON.parse(readFileSync(join(bin, `${program}.sbom.${extension}`), 'utf8'));
      expect(faultsOf(format as SbomFormat, document)).toEqual([]);
    }
    const { components } = JSON.parse(readFileSync(join(bin, `${program}.sbom.cdx.json`), 'utf8'));
    const named = components.map(({ name, version }: Record<string, string>) => `${name}@${version}`);
    expect(named.filter((name: string) => !name.startsWith('stdlib@')).toSorted()).toEqual(modules.toSorted());
    expect(readdirSync(bin).filter((name) => name.startsWith(`${program}.sbom.`))).toHaveLength(3);
  },
);
