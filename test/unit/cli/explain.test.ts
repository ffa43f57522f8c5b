import { expect, test } from 'vitest';
import { explain } from '../../../src/cli/explain-command.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { failureOf } from '../../support/failure.ts';
import { layoutOf } from '../../support/layout.ts';
import { makeFolder } from '../../support/workspace.ts';

const PLAN = JSON.stringify({
  version: 1,
  decisions: [
    { subject: 'function', value: 'hello', source: 'FUNC_NAME', change: 'FUNC_NAME, "name" in func.toml' },
    { subject: 'functions framework', value: '1.0.0', source: 'the buildpack', change: '' },
  ],
});
const OPTIONS = { env: [], engine: 'none', json: false } as const;

async function explained(what: string, options: Partial<Parameters<typeof explain>[1]> = {}): Promise<string> {
  const lines: string[] = [];
  const sink = { write: (text: string) => lines.push(text) };
  const terminal: Terminal = {
    env: {},
    cwd: '/',
    uid: 1000,
    gid: 1000,
    platform: 'linux',
    arch: 'amd64',
    now: () => 0,
    stdout: sink,
    stderr: sink,
    kill: () => {},
    stopped: new AbortController().signal,
    onStop: () => {},
  };
  const planOfFolder = async (folder: string, variables: object) =>
    PLAN.replace('hello', `${folder} ${JSON.stringify(variables).replaceAll('"', "'")}`);
  await explain(what, { ...OPTIONS, ...options }, terminal, planOfFolder);
  return lines.join('');
}

test('of a layout, its label', async () => {
  expect(await explained(layoutOf([], undefined, { 'io.openfunction.plan': PLAN }))).toMatchSnapshot();
});

test('of a folder, what the buildpack would decide with these variables', async () => {
  const folder = makeFolder({ 'index.js': '' });
  expect(await explained(folder, { env: ['A=1'] })).toContain(`${folder} {'A':'1'}  (FUNC_NAME)`);
});

test('as JSON', async () => {
  const layout = layoutOf([], undefined, { 'io.openfunction.plan': PLAN });
  expect(JSON.parse(await explained(layout, { json: true }))).toEqual(JSON.parse(PLAN));
});

test.each([
  ['without a plan', {}],
  ['with a plan of another version', { 'io.openfunction.plan': '{"version": 2}' }],
  ['with a plan that is no JSON', { 'io.openfunction.plan': 'plan' }],
])('an image %s is refused', async (_, labels) => {
  const layout = layoutOf([], undefined, labels);
  expect((await failureOf(() => explained(layout))).replaceAll(layout, '<layout>')).toMatchSnapshot();
});

test('against another image, what differs', async () => {
  const before = layoutOf([], undefined, { 'io.openfunction.plan': PLAN });
  const after = layoutOf([], undefined, { 'io.openfunction.plan': PLAN.replace('1.0.0', '1.1.0') });
  expect(await explained(after, { against: before })).toBe('functions framework  1.0.0 -> 1.1.0  (the buildpack)\n');
  expect(JSON.parse(await explained(after, { against: before, json: true }))).toEqual({
    decisions: [{ subject: 'functions framework', before: '1.0.0', after: '1.1.0', source: 'the buildpack' }],
    layers: [],
  });
  expect(await explained(before, { against: before })).toBe('Nothing differs.\n');
});
