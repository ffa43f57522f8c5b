import { expect, test } from 'vitest';
import { encodeLaunch, type Process } from '../../../src/libcnb/launch.ts';
import { encodeToml } from '../../../src/libcnb/toml-file.ts';
import { failureOf } from '../../support/failure.ts';

test('encodes labels, processes and slices', () => {
  const launch = {
    labels: { 'a.b/c': 'd' },
    processes: [
      { type: 'web', command: ['node', 'main.mjs'], args: ['--x'], isDefault: true, workingDir: '/workspace' },
      { type: 'worker', command: ['node'] },
    ],
    slices: [['dist/*', 'package.json']],
  } as const;
  expect(encodeToml(encodeLaunch(launch))).toMatchInlineSnapshot(`
    "[[labels]]
    key = "a.b/c"
    value = "d"

    [[processes]]
    type = "web"
    command = [ "node", "main.mjs" ]
    args = [ "--x" ]
    default = true
    working-dir = "/workspace"

    [[processes]]
    type = "worker"
    command = [ "node" ]

    [[slices]]
    paths = [ "dist/*", "package.json" ]
    "
  `);
});

test.each<[string, readonly Process[]]>([
  ['a type with a slash', [{ type: 'a/b', command: ['x'] }]],
  [
    'two of one type',
    [
      { type: 'a', command: ['x'] },
      { type: 'a', command: ['y'] },
    ],
  ],
  [
    'two defaults',
    [
      { type: 'a', command: ['x'], isDefault: true },
      { type: 'b', command: ['y'], isDefault: true },
    ],
  ],
])('%s is refused', async (_, processes) => {
  expect(await failureOf(() => encodeLaunch({ processes }))).toMatchSnapshot();
});
