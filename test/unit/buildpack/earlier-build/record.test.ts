import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOfFiles, readAppFiles } from '../../../../src/buildpack/app-files/app-files.ts';
import { findOutcome, type Outcome } from '../../../../src/buildpack/app-files/outcome.ts';
import { encodeMade } from '../../../../src/buildpack/app-files/text.ts';
import type { BuildInput } from '../../../../src/buildpack/earlier-build/input.ts';
import { readRecord, recordOf, type EarlierFunction } from '../../../../src/buildpack/earlier-build/record.ts';
import { writeToml, type TomlTable } from '../../../../src/libcnb/toml-file.ts';
import { makeFolder } from '../../../support/workspace.ts';

const FUNCTION: EarlierFunction = {
  modulePath: '/workspace/dist/index.js',
  signatureType: 'http',
  functions: [{ name: 'hello', signatureType: 'http' }],
  exports: ['hello'],
  warnings: ['a warning'],
  hasCompiledCode: true,
};

interface Built {
  readonly input: BuildInput;
  readonly outcome: Outcome;
}

async function build(made: Readonly<Record<string, string>> = { 'dist/index.js': 'made' }): Promise<Built> {
  const appDir = makeFolder({ 'src/index.ts': 'given' });
  const given = await readAppFiles(appDir, new Set());
  const readNow = async () => readAppFiles(appDir, new Set());
  const isOfImage = (path: string): boolean => path !== 'node_modules' && !path.endsWith('.npmrc');
  mkdirSync(join(appDir, 'dist'), { recursive: true });
  for (const [path, text] of Object.entries(made)) writeFileSync(join(appDir, path), text);
  if (Object.keys(made).length === 0) rmSync(join(appDir, 'dist'), { recursive: true });
  const outcome = await findOutcome({ appDir, given, now: await readNow(), secrets: [] });
  return { input: { digest: 'of the input', given, readNow, isOfImage }, outcome };
}

/** Reads a record as the lifecycle brings it back. */
async function readBack(input: BuildInput, record: TomlTable | undefined, layer = 'function') {
  const layers = makeFolder();
  await writeToml(join(layers, `${layer}.toml`), { metadata: record ?? {} });
  return readRecord(layers, layer, input);
}

test.each<[string, Readonly<Record<string, string>>]>([
  ['with files that it made', { 'dist/index.js': 'made' }],
  ['that made nothing', {}],
])('what a build %s recorded comes back', async (_, made) => {
  const { input, outcome } = await build(made);
  const record = recordOf(input, { outcome, proven: FUNCTION });
  expect(await readBack(input, record)).toMatchObject({ outcome, proven: FUNCTION });
  const ofApplication = recordOf(input, { outcome, proven: undefined });
  expect(await readBack(input, ofApplication, 'application')).toEqual({ outcome, proven: undefined });
});

test('a function that nobody booted stays one', async () => {
  const { input, outcome } = await build();
  const record = recordOf(input, { outcome, proven: { ...FUNCTION, exports: undefined } });
  expect((await readBack(input, record))?.proven?.exports).toBeUndefined();
});

test('a record that is carried on is the same', async () => {
  const { input, outcome } = await build();
  const record = recordOf(input, { outcome, proven: FUNCTION });
  const earlier = await readBack(input, record);
  if (earlier?.proven === undefined) throw new Error('none');
  expect(recordOf(input, { outcome: earlier.outcome, proven: earlier.proven })).toEqual(record);
});

test.each<[string, Outcome]>([
  ['too large', { kind: 'too-large', bytes: 2, most: 1, isCompressed: true }],
  ['secret', { kind: 'secret', path: 'dist/index.js' }],
])('what is %s is not recorded', async (_, outcome) => {
  const { input } = await build();
  expect(recordOf(input, { outcome, proven: FUNCTION })).toBeUndefined();
});

const textOf = (path: string): string =>
  encodeMade({ removed: [], added: [{ path, kind: 'file', content: Buffer.from('made') }] });

test.each<[string, TomlTable]>([
  ['of another input', { input: 'another' }],
  ['of another app', { app: 'another' }],
  ['that lost its files', { files: undefined }],
  ['whose files are damaged', { files: 'AAAA' }],
  ['with other files', { files: textOf('index.js') }],
  ['with a file of registries', { files: textOf('.npmrc') }],
  ['with a node_modules', { files: textOf('node_modules') }],
  ['with a path that leads out', { files: textOf('../index.js') }],
  ['without a function', { proven: undefined }],
  ['whose function is none', { proven: '{"ok":false}' }],
  ['whose function is damaged', { proven: '{"ok":tr' }],
])('a record %s is as if there were none', async (_, damage) => {
  const { input, outcome } = await build();
  const record = recordOf(input, { outcome, proven: FUNCTION });
  expect(await readBack(input, { ...record, ...damage })).toBeUndefined();
});

test.each(['.npmrc', 'node_modules'])('%s is never put, though its digest is right', async (path) => {
  const { input } = await build();
  const outcome = { kind: 'recorded', text: textOf(path), made: { removed: [], added: [] } } as const;
  const files = new Map([...input.given, [path, digestOfFiles(new Map())]]);
  const record = recordOf(input, { outcome, proven: FUNCTION });
  expect(await readBack(input, { ...record, app: digestOfFiles(files) })).toBeUndefined();
});
