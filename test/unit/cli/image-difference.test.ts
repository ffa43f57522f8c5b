import { expect, test } from 'vitest';
import { differenceOf, renderDifference } from '../../../src/cli/image-difference.ts';
import { layersIn } from '../../../src/cli/image-layers.ts';

const made = (inputs: Record<string, string>): object => ({ data: { key: 'k', made: { of: inputs } }, launch: true });

function labelOf(layers: Readonly<Record<string, object>>, app: readonly string[], topLayer = 'sha256:run'): string {
  const buildpacks = [{ key: 'openfunction/node-function', version: '1.0.0', layers }];
  const label = { app: app.map((sha) => ({ sha })), buildpacks, runImage: { topLayer }, launcher: { sha: 'sha256:l' } };
  return JSON.stringify(label);
}

const decision = (
  subject: string,
  value: string,
): { subject: string; value: string; source: string; change: string } => ({
  subject,
  value,
  source: 'func.toml',
  change: '',
});

const BEFORE = {
  plan: { version: 1, decisions: [decision('Node.js', '22.23.1'), decision('heap', '75'), decision('gone', 'yes')] },
  layers: layersIn(
    labelOf(
      {
        modules: { sha: 'sha256:1', ...made({ 'package-lock.json': 'sha256:a', architecture: 'amd64' }) },
        framework: { sha: 'sha256:2', ...made({ version: '1.0.0' }) },
        node: { sha: 'sha256:3' },
      },
      ['sha256:x', 'sha256:y'],
    ),
  ),
};
const AFTER = {
  plan: { version: 1, decisions: [decision('Node.js', '24.21.0'), decision('heap', '75')] },
  layers: layersIn(
    labelOf(
      {
        modules: { sha: 'sha256:9', ...made({ 'package-lock.json': 'sha256:b', architecture: 'amd64' }) },
        framework: { sha: 'sha256:2', ...made({ version: '1.0.0' }) },
        'compile-cache': { sha: 'sha256:4' },
      },
      ['sha256:x', 'sha256:z'],
      'sha256:rebased',
    ),
  ),
};

test('decisions and layers that differ are told, with what layers were made of', () => {
  expect(renderDifference(differenceOf(BEFORE, AFTER))).toMatchSnapshot();
});

test('what only a build decides is no difference of a folder, unless somebody asks for something else', () => {
  const image = {
    plan: { version: 1, decisions: [decision('Node.js', '24.21.0'), decision('module', 'a.js')] },
    layers: [],
  };
  const planned = { ...decision('Node.js', "the run image's"), open: true };
  const folder = { plan: { version: 1, decisions: [planned, decision('heap', '75')] }, layers: [] };
  expect(renderDifference(differenceOf(image, folder))).toBe('Nothing differs.\n');
  expect(renderDifference(differenceOf(folder, image))).toBe('Nothing differs.\n');
  const other = {
    plan: { version: 1, decisions: [{ ...planned, source: '.nvmrc asks for "22"', value: '22' }] },
    layers: [],
  };
  expect(renderDifference(differenceOf(image, other))).toBe('Node.js  24.21.0 -> 22  (.nvmrc asks for "22")\n');
});

test('of a folder that is not built yet the decisions are compared alone', () => {
  const { layers, decisions } = differenceOf(BEFORE, { ...AFTER, layers: layersIn(undefined) });
  expect(layers).toEqual([]);
  expect(decisions).toContainEqual({ subject: 'Node.js', before: '22.23.1', after: '24.21.0', source: 'func.toml' });
});

test('the same images differ in nothing', () => {
  expect(renderDifference(differenceOf(AFTER, AFTER))).toBe('Nothing differs.\n');
});

test.each(['{}', '[]', '{"app": 1, "buildpacks": [1, {"layers": {"a": 1}}], "runImage": []}'])(
  'a label that is otherwise, %s, tells no layers',
  (label) => expect(layersIn(label)).toEqual([]),
);
