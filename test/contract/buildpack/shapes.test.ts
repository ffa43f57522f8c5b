import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { ANSWER, answerOf, frameworkApp, lockFile, monorepo, plainApp } from '../../support/shape.ts';
import { sharedFolder } from '../../support/workspace.ts';

interface Shape {
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of the build's output. */
  readonly prints: readonly string[];
}

const IN_FN = { FUNC_SRC: 'packages/fn' };

const SHAPES: Readonly<Record<string, Shape>> = {
  'npm with a lock file': {
    files: { ...plainApp(), 'package-lock.json': lockFile('plain.npm') },
    prints: ['npm ci --omit=dev'],
  },
  'npm without a lock file': { files: plainApp(), prints: ['npm install', 'There is no lock file'] },
  'npm and the framework in the lock file': {
    files: { ...frameworkApp(), 'package-lock.json': lockFile('framework.npm') },
    prints: ['npm ci'],
  },
  'npm and the framework without a lock file': { files: frameworkApp(), prints: ['npm install'] },
  'npm workspaces': {
    files: { ...monorepo('1.0.0'), 'package-lock.json': lockFile('workspace.npm') },
    env: IN_FN,
    prints: ['npm ci'],
  },
  'npm of a version of its own, and a script that prepares a working copy': {
    files: {
      ...plainApp({ packageManager: 'npm@11.0.0', scripts: { prepare: 'husky' } }),
      'package-lock.json': lockFile('plain.npm'),
    },
    prints: ['Package manager: npm@11.0.0, from the registry (packageManager)'],
  },
};

/** The app's files, the links that builds make aside. */
function filesOf(app: string): Record<string, string> {
  const entries = readdirSync(app, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
  return Object.fromEntries(paths.map((path) => [path.slice(app.length + 1), readFileSync(path, 'utf8')]));
}

test.each(Object.entries(SHAPES))('%s: the function is built, answers, and is rebuilt', async (_, shape) => {
  const site = makeSite(shape.files);
  const env = { FUNC_NAME: 'hello', npm_config_cache: sharedFolder('npm'), ...shape.env };
  const { exitCode, output } = await site.build(env);
  for (const line of shape.prints) expect(output).toContain(line);
  expect(output).toContain('Function "hello": boots');
  expect(exitCode).toBe(0);
  expect(await answerOf(site)).toBe(ANSWER);
  expect(filesOf(site.app)).toEqual(shape.files);
  if (output.includes('in every build')) return;
  site.forgetContents();
  const { output: again } = await site.build(env);
  expect(again).toContain('Dependencies: reused');
  expect(again).not.toContain('Package manager');
});
