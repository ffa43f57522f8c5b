import { expect } from 'vitest';
import type { FunctionShape } from './function-shapes.ts';
import { buildImage, copyOfSample, layersOf, startImage, variables, type Way } from './image.ts';
import { makeFolder } from './workspace.ts';

/** A project, and what its function is called with. */
type CalledShape = Omit<FunctionShape, 'answer'>;

/** Builds a project, starts the image and gives the function's answer. */
async function answerOf(way: Way, shape: CalledShape, image: string): Promise<string> {
  const source = typeof shape.files === 'string' ? copyOfSample(shape.files) : makeFolder(shape.files);
  // An empty variable would win over what a file says.
  const env = Object.entries({ FUNC_NAME: 'hello', ...shape.env }).filter(([, value]) => value !== '');
  const { output } = await buildImage(way, source, image, ...variables(Object.fromEntries(env)));
  for (const line of shape.prints) expect(output).toContain(line);
  const { path = '/', init } = shape.call ?? {};
  return (await fetch(new URL(path, await startImage(way, image)), init)).text();
}

/** What a function answers out of images that are built in these ways, which have to have the same layers. */
export async function answersOf(ways: readonly Way[], shape: CalledShape, image: string): Promise<string[]> {
  const answers: string[] = [];
  const layers: (readonly string[])[] = [];
  for (const way of ways) {
    answers.push(await answerOf(way, shape, image));
    layers.push(await layersOf(way, image));
  }
  for (const other of layers) expect(other).toEqual(layers[0]);
  return answers;
}
