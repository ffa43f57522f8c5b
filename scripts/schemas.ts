// Takes the schemas of the resources in deploy and of `ofn generate` out of the projects that own them, into test/fixtures/schemas: `node scripts/schemas.ts`.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadAll } from 'js-yaml';
import { isTable, type Table } from '../src/base/table.ts';
import { CACHE, once, ROOT } from './cache.ts';
import { read, run } from './command.ts';

/** Where schemas are published; all of it is licensed under Apache-2.0. */
interface Source {
  readonly from: string;
  readonly version: string;
  /** Gives a folder with the files. */
  readonly place: (source: Source) => Promise<string>;
  readonly files: readonly string[];
  /** Its resources, `group/version/Kind`. */
  readonly kinds: readonly string[];
}

const SOURCES: readonly Source[] = [
  {
    from: 'github.com/shipwright-io/build',
    version: 'v0.20.13',
    place: goModule,
    files: ['builds', 'buildruns', 'buildstrategies', 'clusterbuildstrategies'].map(
      (name) => `deploy/crds/shipwright.io_${name}.yaml`,
    ),
    kinds: ['Build', 'BuildRun', 'BuildStrategy', 'ClusterBuildStrategy'].map(
      (kind) => `shipwright.io/v1beta1/${kind}`,
    ),
  },
  {
    from: 'https://github.com/OpenFunction/OpenFunction',
    version: 'v1.2.0',
    place: gitTag,
    files: ['config/bundle.yaml'],
    kinds: ['core.openfunction.io/v1beta2/Function'],
  },
  {
    from: 'knative.dev/serving',
    version: 'v0.51.0',
    place: goModule,
    files: ['config/core/300-resources/service.yaml'],
    kinds: ['serving.knative.dev/v1/Service'],
  },
  {
    from: 'k8s.io/kubernetes',
    version: 'v1.34.4',
    place: goModule,
    files: ['api/openapi-spec/swagger.json'],
    kinds: ['v1/PersistentVolumeClaim', 'v1/Pod', 'v1/Secret', 'v1/Service', 'v1/ServiceAccount', 'apps/v1/Deployment'],
  },
];

const FOLDER = join(ROOT, 'test/fixtures/schemas');
await rm(FOLDER, { recursive: true, force: true });
for (const source of SOURCES) {
  const place = await source.place(source);
  const texts = await Promise.all(source.files.map((file) => readFile(join(place, file), 'utf8')));
  const documents = texts.flatMap((text) => loadAll(text)).filter(isTable);
  for (const kind of source.kinds) {
    const schema = documents.map((document) => schemaOf(document, kind)).find(isTable);
    if (schema === undefined) throw new Error(`${source.from} ${source.version} has no ${kind}.`);
    const file = join(FOLDER, `${kind}.json`);
    await mkdir(dirname(file), { recursive: true });
    const $comment = `${kind} of ${source.from} ${source.version}, Apache-2.0, without its descriptions`;
    await writeFile(file, `${JSON.stringify({ $comment, ...essenceOf(schema) })}\n`);
  }
}

async function goModule({ from, version }: Source): Promise<string> {
  const answer: unknown = JSON.parse(await read('go', ['mod', 'download', '-json', `${from}@${version}`]));
  return isTable(answer) ? String(answer['Dir']) : '';
}

async function gitTag({ from, version }: Source): Promise<string> {
  const place = join(CACHE, 'tools', `git-${Buffer.from(`${from}@${version}`).toString('base64url')}`);
  await once(place, (scratch) => run('git', ['clone', '--quiet', '--depth', '1', '--branch', version, from, scratch]));
  return place;
}

/** The schema of a kind in its CustomResourceDefinition, or in Kubernetes' own description. */
function schemaOf(document: Table, kind: string): Table | undefined {
  if (isTable(document['definitions'])) return schemaInSwagger(document['definitions'], kind);
  return document['kind'] === 'CustomResourceDefinition' ? schemaInCrd(document, kind) : undefined;
}

function schemaInCrd({ spec }: Table, kind: string): Table | undefined {
  if (!isTable(spec) || !isTable(spec['names']) || !Array.isArray(spec['versions'])) return undefined;
  const [group, name] = [String(spec['group']), String(spec['names']['kind'])];
  const versions = spec['versions'].filter(isTable);
  const schema = versions.find((version) => `${group}/${String(version['name'])}/${name}` === kind)?.['schema'];
  return isTable(schema) && isTable(schema['openAPIV3Schema']) ? schema['openAPIV3Schema'] : undefined;
}

/** The definition with all that it refers to. */
function schemaInSwagger(all: Table, kind: string): Table | undefined {
  const path = kind.includes('/v1/') ? kind.replaceAll('/', '.') : `core.${kind.replace('/', '.')}`;
  const needed: Record<string, unknown> = {};
  const need = (name: string): void => {
    if (name in needed) return;
    needed[name] = all[name];
    for (const [, other = ''] of JSON.stringify(all[name]).matchAll(/"#\/definitions\/([^"]+)"/g)) need(other);
  };
  const root = `io.k8s.api.${path}`;
  need(root);
  return isTable(all[root]) ? { $ref: `#/definitions/${root}`, definitions: needed } : undefined;
}

/** Leaves out descriptions, which are most of a schema, and the empty types of OpenFunction, which are for any value. */
function essenceOf<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema, (key, value: unknown) => (isEmpty(key, value) ? undefined : value)));
}

function isEmpty(key: string, value: unknown): boolean {
  return (key === 'description' && typeof value === 'string') || (key === 'type' && value === '');
}
