import { join } from 'node:path';
import { isTable } from '../../base/table.ts';
import { describeChange } from '../config/setting.ts';
import type { Sources } from '../config/sources.ts';
import type { Decision } from '../decision.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import type { PackageJson } from '../project/package-json.ts';
import { parseRequest, type NodeRequest } from './request.ts';
import { NODE_SETTINGS } from './settings.ts';

/** Where a project can say which Node.js it wants. */
export interface NodeProject {
  readonly appDir: string;
  /** The folder of the project, below the app or the app itself; its files win. */
  readonly projectDir: string;
  readonly sources: Sources;
  readonly packageJson: PackageJson | undefined;
}

/** What was found: what wins, and what the other places say. */
export interface FoundRequests {
  /** Undefined when nobody asks for anything. */
  readonly request: NodeRequest | undefined;
  /** What loses, as far as it can be read. */
  readonly others: readonly NodeRequest[];
}

interface Place {
  readonly name: string;
  readonly read: (project: NodeProject) => Promise<string | undefined> | string | undefined;
}

/** The places besides the build's own setting, the one that wins first: docs/adr/0015-node-versions.md. */
const PLACES: readonly Place[] = [
  { name: 'engines.node', read: ({ packageJson }) => packageJson?.nodeRange },
  { name: '.nvmrc', read: (project) => inFile(project, '.nvmrc', firstLine) },
  { name: '.node-version', read: (project) => inFile(project, '.node-version', firstLine) },
  { name: '.tool-versions', read: (project) => inFile(project, '.tool-versions', toolVersion) },
  { name: 'volta.node', read: ({ packageJson }) => textAt(packageJson?.raw['volta'], 'node') },
  { name: 'devEngines.runtime', read: ({ packageJson }) => developmentRuntime(packageJson?.raw['devEngines']) },
];

/** Asks the build's setting and every place; a text that can't be read is an error where it would win, and nothing elsewhere. */
export async function findRequests(project: NodeProject): Promise<FoundRequests> {
  const settings = [NODE_SETTINGS.version, NODE_SETTINGS.runtime].map((row) => project.sources.read(row));
  const said = await Promise.all(PLACES.map(async ({ name, read }) => ({ name, text: await read(project) })));
  const set = settings.map(({ source, value }) => ({ name: source, text: value }));
  const [first, ...rest] = [...set, ...said].flatMap(({ name, text }) => (text?.trim() ? [{ name, text }] : []));
  if (first === undefined) return { request: undefined, others: [] };
  const others = rest.flatMap(({ name, text }) => readable(text, name));
  return { request: parseRequest(first.text, first.name), others };
}

/** The decision that was made of requests, with its outcome in words. */
export function nodeDecision({ request }: Pick<FoundRequests, 'request'>, value: string): Decision {
  return {
    subject: NODE_SETTINGS.version.subject,
    value,
    source: request === undefined ? 'default' : `${request.source} asks for "${request.text}"`,
    change: [
      describeChange(NODE_SETTINGS.version),
      describeChange(NODE_SETTINGS.runtime),
      ...PLACES.map(({ name }) => name),
    ].join(', '),
  };
}

function readable(text: string, name: string): NodeRequest[] {
  try {
    return [parseRequest(text, name)];
  } catch {
    return [];
  }
}

/** What a file of the project says, or else the one of that name at the app's root. */
async function inFile(
  { appDir, projectDir }: NodeProject,
  name: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  return (await read(join(projectDir, name))) ?? read(join(appDir, name));
}

async function linesOf(path: string): Promise<string[]> {
  const text = (await readTextIfPresent(path, 'OFN-CONFIG')) ?? '';
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
}

async function firstLine(path: string): Promise<string | undefined> {
  return (await linesOf(path))[0];
}

/** The first of the versions that asdf and mise would try: https://asdf-vm.com/manage/configuration.html#tool-versions */
async function toolVersion(path: string): Promise<string | undefined> {
  const tools = (await linesOf(path)).map((line) => line.split(/\s+/));
  return tools.find(([tool]) => tool === 'nodejs' || tool === 'node')?.[1];
}

/** https://docs.npmjs.com/cli/configuring-npm/package-json#devengines */
function developmentRuntime(devEngines: unknown): string | undefined {
  if (!isTable(devEngines)) return undefined;
  const runtimes: readonly unknown[] = [devEngines['runtime']].flat();
  return textAt(
    runtimes.find((runtime) => isTable(runtime) && runtime['name'] === 'node'),
    'version',
  );
}

function textAt(table: unknown, key: string): string | undefined {
  const value = isTable(table) ? table[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
