import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FnError } from '../base/error.ts';
import { parseReference } from '../oci/reference.ts';
import { checkSource } from './source.ts';
import type { Terminal } from './terminal.ts';

/** What `ofn build` was asked for, checked. */
export interface BuildRequest {
  /** Absolute folder of the source, no link. */
  readonly source: string;
  readonly image: string;
  readonly builder: string;
  /** The architecture to build for, where it is not this machine's. */
  readonly foreignArch: string | undefined;
  /** Variables for the build. */
  readonly env: Readonly<Record<string, string>>;
  readonly publish: boolean;
  readonly clearCache: boolean;
  readonly verbose: boolean;
  /** File of certificates that the build trusts as well. */
  readonly caCert: string | undefined;
  /** Where the image's provenance goes; undefined for none. */
  readonly provenance: WantedProvenance | undefined;
  /** When the image says it was created, in seconds since 1970; undefined for the time that is the same for all. */
  readonly created: number | undefined;
}

/** Provenance that somebody wants, and what a build has to know for it. */
export interface WantedProvenance {
  /** Absolute path. */
  readonly file: string;
  /** The version of ofn. */
  readonly version: string;
  /** The names of lock files. */
  readonly lockFiles: readonly string[];
}

/** The options as the command line gave them. */
export interface BuildOptions {
  readonly image: string;
  readonly builder: string;
  readonly platform?: string;
  readonly env: readonly string[];
  readonly publish: boolean;
  readonly clearCache: boolean;
  readonly verbose: boolean;
  readonly caCert?: string;
  readonly provenance?: string;
}

/** What provenance tells besides. */
export type Facts = () => Promise<Omit<WantedProvenance, 'file'>>;

/** Checks the arguments of `ofn build`; each failure says what to give instead. */
export async function readBuildRequest(
  path: string,
  options: BuildOptions,
  facts: Facts,
  terminal: Terminal,
): Promise<BuildRequest> {
  const source = await realpath(resolve(terminal.cwd, path)).catch(() => undefined);
  if (source === undefined || !(await stat(source)).isDirectory())
    throw invalid(`"${path}" is not a folder`, 'Give the folder of the function.');
  parseReference(options.image);
  parseReference(options.builder);
  const foreignArch = readPlatform(options.platform, terminal);
  const env = readVariables(options.env);
  const caCert = await readCaCert(options, terminal);
  await checkSource(source);
  return {
    source,
    image: options.image,
    builder: options.builder,
    foreignArch,
    env,
    publish: options.publish,
    clearCache: options.clearCache,
    verbose: options.verbose,
    caCert,
    provenance: await readProvenance(options, facts, terminal),
    created: readCreated(terminal),
  };
}

/** The architecture of `linux/<architecture>`; undefined when it is this machine's. */
function readPlatform(platform: string | undefined, { arch }: Terminal): string | undefined {
  if (platform === undefined) return undefined;
  const wanted = /^linux\/(amd64|arm64)$/.exec(platform)?.[1];
  if (wanted !== undefined) return wanted === arch ? undefined : wanted;
  throw invalid(`--platform "${platform}" is none that is served`, 'Give linux/amd64 or linux/arm64.');
}

/** Reads `NAME=value` words. */
export function readVariables(words: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const word of words) {
    const [, name, value] = /^([A-Za-z_][A-Za-z0-9_.-]*)=(.*)$/s.exec(word) ?? [];
    if (name === undefined || value === undefined) {
      throw invalid(`the variable "${word}" is not NAME=value`, 'Write it like FUNC_NAME=hello.');
    }
    variables[name] = value;
  }
  return variables;
}

async function readCaCert({ caCert }: BuildOptions, { env, cwd }: Terminal): Promise<string | undefined> {
  const path = caCert ?? (env['NODE_EXTRA_CA_CERTS'] || undefined);
  if (path === undefined) return undefined;
  const file = resolve(cwd, path);
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() === true) return file;
  if (caCert === undefined) return undefined;
  throw invalid(`--ca-cert "${path}" is not a file`, 'Give a file of certificates in PEM form.');
}

async function readProvenance(
  { provenance }: BuildOptions,
  facts: Facts,
  { cwd }: Terminal,
): Promise<WantedProvenance | undefined> {
  if (provenance === undefined) return undefined;
  const file = resolve(cwd, provenance);
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (folder?.isDirectory() === true) return { file, ...(await facts()) };
  throw invalid(`the folder of --provenance "${provenance}" is not there`, 'Make it, or give a file elsewhere.');
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function readCreated({ env }: Terminal): number | undefined {
  const text = env['SOURCE_DATE_EPOCH'] ?? '';
  if (text === '') return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw invalid(
    `SOURCE_DATE_EPOCH="${text}" is no time`,
    'Give seconds since 1970, as "git log -1 --format=%ct" prints them.',
  );
}

function invalid(what: string, hint: string): FnError {
  return new FnError(`Couldn't start the build: ${what}.`, { code: 'OFN-CLI-ARGUMENT', hint });
}
