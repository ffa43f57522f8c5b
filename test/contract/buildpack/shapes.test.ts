import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { MANAGER_SHAPES } from '../../support/manager-shapes.ts';
import { ANSWER, answerOf, NPM_CACHE } from '../../support/shape.ts';

/** The app's files, aside from the links and the compiled code that builds make. */
function filesOf(app: string): Record<string, string> {
  const entries = readdirSync(app, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
  return Object.fromEntries(paths.map((path) => [path.slice(app.length + 1), readFileSync(path, 'utf8')]));
}

test.each(Object.entries(MANAGER_SHAPES))('%s: the function is built, answers, and is rebuilt', async (_, shape) => {
  const site = makeSite(shape.files);
  const env = { FUNC_NAME: 'hello', npm_config_cache: NPM_CACHE, ...shape.env };
  const { exitCode, output } = await site.build(env);
  for (const line of shape.prints) expect(output).toContain(line);
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe(ANSWER);
  const { made = [] } = shape;
  const files = filesOf(site.app);
  expect(Object.keys(files).filter((path) => shape.files[path] === undefined)).toEqual(made);
  // It may hold a token, and stays out of the image.
  const stays = Object.entries(shape.files).filter(([path]) => path !== '.yarnrc.yml');
  expect(files).toEqual(expect.objectContaining(Object.fromEntries(stays)));
  if (output.includes('after every change')) return;
  site.forgetContents();
  for (const [path, text] of Object.entries(shape.files)) writeFileSync(join(site.app, path), text);
  const { output: again } = await site.build(env);
  expect(again).toContain('Dependencies: reused');
});
