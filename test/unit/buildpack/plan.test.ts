import { expect, test } from 'vitest';
import { createSources } from '../../../src/buildpack/config/sources.ts';
import { collectVariables } from '../../../src/buildpack/config/variables.ts';
import { encodePlan } from '../../../src/buildpack/plan.ts';
import { BUILD_SETTINGS } from '../../../src/buildpack/settings.ts';

const planOf = (env: Readonly<Record<string, string>>, ...steps: Parameters<typeof encodePlan>[1]) =>
  JSON.parse(encodePlan(createSources(collectVariables(env), []), steps)) as {
    readonly version: number;
    readonly decisions: readonly { readonly subject: string; readonly value: string; readonly source: string }[];
  };

test('every setting is in the plan, and what a step made of it in its place', () => {
  const step = { subject: 'source', value: 'index.js', source: 'package.json', change: 'FUNC_SRC' };
  const other = { subject: 'something else', value: 'x', source: 'y', change: 'z' };
  const { decisions } = planOf({ FUNC_NAME: 'hello', FUNC_DEBUG: 'yes' }, step, other);
  expect(decisions.map(({ subject }) => subject)).toEqual([
    ...BUILD_SETTINGS.map(({ subject }) => subject),
    'something else',
  ]);
  expect(decisions).toContainEqual(step);
  expect(decisions).toContainEqual(expect.objectContaining({ subject: 'debug output', value: 'on' }));
  expect(decisions).toContainEqual(expect.objectContaining({ subject: 'build scripts', value: 'none' }));
});

test('no variable that is no setting is in the plan, and no password', () => {
  const env = {
    FUNC_NAME: 'a',
    NPM_TOKEN: 'canary-1',
    BP_NODE_DIST_URL: 'https://me:canary-2@mirror.example/n?canary-3',
  };
  const plan = JSON.stringify(planOf(env));
  expect(plan).not.toContain('canary');
  expect(plan).toContain('https://mirror.example/n');
});
