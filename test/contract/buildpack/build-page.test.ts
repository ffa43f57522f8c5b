import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@iarna/toml';
import { expect, test } from 'vitest';
import { makeSite, type Site } from '../../support/buildpack.ts';
import { codesOf, tableOf } from '../../support/page-table.ts';

const PAGE = 'build.md';

/** A project of each kind, by the page's word for it. */
const KINDS: Readonly<
  Record<string, { readonly files: Record<string, string>; readonly env: Record<string, string> }>
> = {
  functions: {
    files: {
      'index.js': 'require("semver"); exports.hello = (req, res) => res.end();',
      'package.json': '{"dependencies": {"semver": "7.7.2"}}',
      'plugins/a/index.js': 'module.exports = { name: "a", version: "1" };',
    },
    // A Node.js that the run image has not, and the build has.
    env: { FUNC_NAME: 'hello', BP_RUN_IMAGE_NODE_VERSION: '22.23.3', BP_NODE_VERSION: '24.21.0' },
  },
  plugins: {
    files: { 'add.mjs': 'export default { name: "add", requestFilter() {} };' },
    env: { FUNC_TYPE: 'apisix' },
  },
  applications: { files: { 'server.js': '' }, env: { FUNC_ENTRYPOINT: 'node server.js' } },
};

async function build(kind: string): Promise<Site> {
  const { files = {}, env } = KINDS[kind] ?? {};
  const site = makeSite(files);
  const { exitCode, output } = await site.build(env);
  if (exitCode !== 0) throw new Error(output);
  return site;
}

/** The layers of an image, with what each sets at launch: name to value. */
function launchLayers({ layers }: Site): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const names = readdirSync(layers)
    .filter((file) => file.endsWith('.toml') && file !== 'launch.toml')
    .filter((file) => readFileSync(join(layers, file), 'utf8').includes('launch = true'))
    .map((file) => file.replace('.toml', ''));
  return new Map(names.map((name) => [name, launchVariables(join(layers, name, 'env.launch'))]));
}

function launchVariables(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile());
  const values = files.filter(({ name }) => !name.endsWith('.delim'));
  return new Map(values.map(({ name }) => [name.replace(/\.\w+$/, ''), readFileSync(join(folder, name), 'utf8')]));
}

/** The labels that a build tells. */
function labelsOf({ layers }: Site): readonly string[] {
  const launch: unknown = parse(readFileSync(join(layers, 'launch.toml'), 'utf8'));
  return (launch as { readonly labels: readonly { readonly key: string }[] }).labels.map(({ key }) => key);
}

test('images have the layers, launch variables and labels of the page', async () => {
  const layersInImages = new Set<string>();
  for (const kind of Object.keys(KINDS)) {
    const site = await build(kind);
    const layers = launchLayers(site);
    for (const layer of layers.keys()) layersInImages.add(layer);
    const rows = tableOf(PAGE, 'launch variable').filter(([, , kinds = '']) => kinds.split(', ').includes(kind));
    const set = new Map([...layers.values()].flatMap((variables) => Array.from(variables)));
    expect(rows.flatMap(([name]) => codesOf(name)).toSorted()).toEqual([...set.keys()].toSorted());
    for (const [name, value = ''] of rows) {
      const [wanted = ''] = value.startsWith('`') || value.startsWith('ends with') ? codesOf(value) : [];
      expect(set.get(codesOf(name)[0] ?? '')).toContain(wanted);
    }
    if (kind !== 'functions') continue;
    const told = new Set(labelsOf(site).map((label) => label.replace(/^(org\..+\.)\w+$/, '$1*')));
    expect(tableOf(PAGE, 'label').flatMap(([cell]) => codesOf(cell))).toEqual(expect.arrayContaining([...told]));
    expect(tableOf(PAGE, 'label')).toHaveLength(told.size);
  }
  const named = tableOf(PAGE, 'layer').flatMap(([cell]) => codesOf(cell));
  expect(named.toSorted()).toEqual([...layersInImages].toSorted());
});
