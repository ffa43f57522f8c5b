import { expect, test } from 'vitest';
import { startedFile } from '../../../../src/buildpack/launch/started-file.ts';

test.each<[string, string | undefined]>([
  ['node server.js', 'server.js'],
  ['node dist/main --port 80', 'dist/main'],
  ['node --enable-source-maps -r dotenv/config --import=./a.mjs --import ./b.mjs server.js', 'server.js'],
  ['node -- -server.js', '-server.js'],
  ['node --test test.js', undefined],
  ['node -e 1 server.js', undefined],
  ['node -pe 1', undefined],
  ['node', undefined],
  ['deno run.js', undefined],
])('%s', (line, file) => {
  const [program = '', ...args] = line.split(' ');
  expect(startedFile([program, ...args])).toBe(file);
});
