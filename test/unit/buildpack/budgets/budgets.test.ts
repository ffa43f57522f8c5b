import { expect, test } from 'vitest';
import { BUDGET_SETTINGS } from '../../../../src/buildpack/budgets/settings.ts';
import { keepSizeBudget } from '../../../../src/buildpack/budgets/size.ts';
import { keepStartBudget, requireBoot } from '../../../../src/buildpack/budgets/start.ts';
import { createLog } from '../../../../src/base/log.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const lines: string[] = [];
const log = createLog({ write: (text: string) => lines.push(text) });
const of = <T>(value: T): { value: T; source: string } => ({ value, source: 'func.toml' });

test.each([
  ['60MB', 60e6],
  ['1.5 GB', 1.5e9],
  ['50mib', 50 * 1024 ** 2],
  ['100 kB', 100e3],
  ['12345', 12_345],
])('a size of %s', (text, bytes) => {
  expect(BUDGET_SETTINGS.size.parse(text, 'BP_SIZE_BUDGET')).toBe(bytes);
});

test.each(['big', '60 TB', '-1', '0', '1e3', '60iB'])('no size: %s', async (text) => {
  expect(await failureOf(() => BUDGET_SETTINGS.size.parse(text, 'BP_SIZE_BUDGET'))).toMatch(/\[OFN-CONFIG\].*60MB/s);
});

test('a time is whole milliseconds', async () => {
  expect(['150', '150ms', '150 ms'].map((text) => BUDGET_SETTINGS.start.parse(text, 'X'))).toEqual([150, 150, 150]);
  for (const text of ['0', '1.5', '1s', 'fast']) {
    expect(await failureOf(() => BUDGET_SETTINGS.start.parse(text, 'BP_START_BUDGET'))).toContain('OFN-CONFIG');
  }
});

test('an image above its size fails with what is largest in it', async () => {
  const appDir = makeFolder({ 'index.js': '1'.repeat(3000) });
  const layersDir = makeFolder({
    'modules/node_modules/large/index.js': '1'.repeat(9000),
    'modules/node_modules/small/index.js': '1'.repeat(1000),
  });
  const image = { appDir, layersDir, layers: [{ name: 'modules', bytes: 10_000 }] };
  await keepSizeBudget(of(13_000), image, log);
  await keepSizeBudget(of(undefined), image, log);
  expect(lines.splice(0)).toEqual(['Size: 13.0 kB above the run image, of 13.0 kB (from func.toml)\n']);
  expect(await failureOf(() => keepSizeBudget(of(12_000), image, log))).toMatchSnapshot();
});

test('a layer whose size nobody knows is told', async () => {
  const image = { appDir: makeFolder(), layersDir: makeFolder(), layers: [{ name: 'node', bytes: undefined }] };
  lines.splice(0);
  await keepSizeBudget(of(1), image, log);
  expect(lines.splice(0).join('')).toContain('does not count the layer "node"');
});

test('a start is the least of three boots', async () => {
  const times = [300.2, 120.4, 180];
  const boot = async (): Promise<{ cpuMilliseconds: number }> => ({ cpuMilliseconds: times.shift() ?? 0 });
  await keepStartBudget(of(121), { boot, entries: undefined }, log);
  expect(lines.splice(0)).toEqual([
    'Start: 121 ms of processor time without compiled code, of 121 ms (from func.toml)\n',
  ]);
  const slow = async (): Promise<{ cpuMilliseconds: number }> => ({ cpuMilliseconds: 200 });
  expect(await failureOf(() => keepStartBudget(of(121), { boot: slow, entries: undefined }, log))).toMatchSnapshot();
});

test('where nothing is booted there is no start to have a budget', async () => {
  requireBoot(of(undefined), 'no function is named');
  requireBoot(of(100), undefined);
  expect(await failureOf(() => requireBoot(of(100), 'no function is named'))).toMatchSnapshot();
});
