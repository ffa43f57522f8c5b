import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { normaliseModes } from '../../../../src/buildpack/project/file-modes.ts';
import { makeFolder } from '../../../support/workspace.ts';

test('folders and programs get 755, files 644, links to nowhere nothing', async () => {
  const folder = makeFolder({ 'a/file': '', 'a/program': '' });
  symlinkSync('/nowhere', join(folder, 'link'));
  chmodSync(join(folder, 'a/file'), 0o600);
  chmodSync(join(folder, 'a/program'), 0o700);
  chmodSync(join(folder, 'a'), 0o2770);
  await normaliseModes(folder);
  const modes = ['.', 'a', 'a/file', 'a/program'].map((path) =>
    (statSync(join(folder, path)).mode & 0o7777).toString(8),
  );
  expect(modes).toEqual(['755', '755', '644', '755']);
});

/** Acts as a user who is not root, as builds are; only root can. */
async function asUser(id: number, act: () => Promise<void>): Promise<void> {
  process.seteuid?.(id);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}

test.runIf(process.getuid?.() === 0)('a folder of another user stays as it is where all can read it', async () => {
  const NOBODY = 65_534;
  const folder = makeFolder({ 'app/file': '' });
  const app = join(folder, 'app');
  chmodSync(folder, 0o755);
  chmodSync(app, 0o777);
  chmodSync(join(app, 'file'), 0o600);
  chownSync(join(app, 'file'), NOBODY, NOBODY);
  await asUser(NOBODY, () => normaliseModes(app));
  expect([app, join(app, 'file')].map((path) => (statSync(path).mode & 0o7777).toString(8))).toEqual(['777', '644']);
  mkdirSync(join(app, 'hidden'));
  chmodSync(join(app, 'hidden'), 0o750);
  await expect(asUser(NOBODY, () => normaliseModes(app))).rejects.toThrow('EPERM');
});
