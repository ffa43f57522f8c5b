import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { FunctionShape } from './function-shapes.ts';
import { buildImage, copyOfSample, startImage, variables, type Way } from './image.ts';
import type { Shape } from './shape.ts';
import { makeFolder } from './workspace.ts';

/** Builds the image of a project, out of a folder of its own, and gives what was printed. */
export async function buildShape(way: Way, shape: Shape, image: string): Promise<string> {
  const source = typeof shape.files === 'string' ? copyOfSample(shape.files) : makeFolder(shape.files);
  // An empty variable would win over what a file says.
  const env = Object.entries({ FUNC_NAME: 'hello', ...shape.env }).filter(([, value]) => value !== '');
  const { output } = await buildImage(way, source, image, ...variables(Object.fromEntries(env)));
  return output;
}

/** Builds a project, starts the image and gives the function's answer. */
export async function answerOf(way: Way, shape: Omit<FunctionShape, 'answer'>, image: string): Promise<string> {
  const output = await buildShape(way, shape, image);
  for (const line of shape.prints) expect(output).toContain(line);
  const { path = '/', init } = shape.call ?? {};
  return (await fetch(new URL(path, await startImage(way, image)), init)).text();
}

/** The app's files in an image of the engine, path to text, aside from packages. */
export async function appOf(image: string): Promise<Record<string, string>> {
  const { stdout: id } = await execa('docker', ['create', image]);
  const folder = makeFolder();
  await execa('docker', ['cp', '--quiet', `${id}:/workspace/.`, folder]);
  await execa('docker', ['rm', id]);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}
