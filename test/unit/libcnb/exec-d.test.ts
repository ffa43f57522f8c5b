import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeExecDOutput, writeExecD } from '../../../src/libcnb/exec-d.ts';
import { makeFolder } from '../../support/workspace.ts';

test('programs are executable, for every process or for one', async () => {
  const layer = makeFolder();
  await writeExecD(layer, { name: 'a', text: '#!/bin/sh\n' });
  await writeExecD(layer, { name: 'b', text: '#!/bin/sh\n', process: 'web' });
  expect(statSync(join(layer, 'exec.d/a')).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(layer, 'exec.d/web/b'), 'utf8')).toBe('#!/bin/sh\n');
});

test('their output is a table of texts', () => {
  expect(encodeExecDOutput({ A: '1', B: 'x y' })).toBe('A = "1"\nB = "x y"\n');
});
