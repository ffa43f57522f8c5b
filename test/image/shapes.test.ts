import { expect, test } from 'vitest';
import { FUNCTION_SHAPES, type FunctionShape } from '../support/function-shapes.ts';
import { buildImage, copyOfSample, layersOf, startImage, variables, type Way } from '../support/image.ts';
import { MANAGER_SHAPES } from '../support/manager-shapes.ts';
import { ANSWER } from '../support/shape.ts';
import { makeFolder } from '../support/workspace.ts';

const SHAPES: readonly (readonly [string, FunctionShape])[] = [
  ...Object.entries(FUNCTION_SHAPES),
  ...Object.entries(MANAGER_SHAPES).map(([name, shape]) => [name, { ...shape, answer: ANSWER }] as const),
];

const IMAGE = 'ofn-test-shape';

/** One of each kind is built without a daemon too: what differs between the two is not what the buildpack does. */
const BUILT_TWICE = new Set([
  'a CommonJS module without package.json',
  'an ES module that awaits while it loads',
  'TypeScript below src that imports TypeScript',
  'func.toml alone says what to build',
  'several functions, each on a path of its own',
  'a function of CloudEvents',
  'a function behind plugins',
  'a sample with a dependency of ES modules',
  'node_modules of the repository itself',
  'npm and the framework in the lock file',
  'pnpm workspace',
  'Yarn 4 with PnP',
  'bun with a build script',
]);

/** Builds a project, starts the image and gives the function's answer. */
async function answerOf(way: Way, shape: FunctionShape): Promise<string> {
  const source = typeof shape.files === 'string' ? copyOfSample(shape.files) : makeFolder(shape.files);
  // An empty variable would win over what a file says.
  const env = Object.entries({ FUNC_NAME: 'hello', ...shape.env }).filter(([, value]) => value !== '');
  const { output } = await buildImage(way, source, IMAGE, ...variables(Object.fromEntries(env)));
  for (const line of shape.prints) expect(output).toContain(line);
  const { path = '/', init } = shape.call ?? {};
  return (await fetch(new URL(path, await startImage(way, IMAGE)), init)).text();
}

test.each(SHAPES)('%s: the function is built and answers as any user on a read-only root', async (name, shape) => {
  expect(await answerOf('docker', shape)).toMatch(shape.answer);
  if (!BUILT_TWICE.has(name)) return;
  expect(await answerOf('none', shape)).toMatch(shape.answer);
  expect(await layersOf('none', IMAGE)).toEqual(await layersOf('docker', IMAGE));
});
