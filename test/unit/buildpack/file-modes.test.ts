import { chmodSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { normaliseModes } from '../../../src/buildpack/file-modes.ts';
import { makeFolder } from '../../support/workspace.ts';

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
