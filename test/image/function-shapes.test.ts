import { expect, test } from 'vitest';
import { FUNCTION_SHAPES } from '../support/function-shapes.ts';
import { layersOf } from '../support/image.ts';
import { answerOf } from '../support/shape-image.ts';

const IMAGE = 'ofn-test-function';

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
]);

test.each(Object.entries(FUNCTION_SHAPES))(
  '%s: the function is built and answers as any user on a read-only root',
  async (name, shape) => {
    expect(await answerOf('docker', shape, IMAGE)).toMatch(shape.answer);
    if (!BUILT_TWICE.has(name)) return;
    expect(await answerOf('none', shape, IMAGE)).toMatch(shape.answer);
    expect(await layersOf('none', IMAGE)).toEqual(await layersOf('docker', IMAGE));
  },
);
