import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { FnError } from '../base/error.ts';
import { isInside } from '../base/inside.ts';
import { parseReference, parseTarget } from '../oci/reference.ts';
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
  /** What the image is for: `production`, `development`, `test`. */
  readonly execEnv: string;
  /** Variables for the build. */
  readonly env: Readonly<Record<string, string>>;
  readonly publish: boolean;
  readonly clearCache: boolean;
  readonly verbose: boolean;
  /** File of certificates that the build trusts as well. */
  readonly caCert: string | undefined;
  /** Where the image's provenance goes; undefined for none. */
  readonly provenance: WantedProvenance | undefined;
  /** Absolute folder for the bills of materials of the image and of its build; undefined for none. */
  readonly sbomOutputDir: string | undefined;
  /** When the image says it was created, in seconds since 1970; undefined for the time that is the same for all. */
  readonly created: number | undefined;
}

/** Provenance that somebody wants, and what a build has to know for it. */
export interface WantedProvenance {
  /** Absolute path. */
  readonly file: string;
  /** Its path in the source, which the build does without: it would differ from its own. Undefined where it is elsewhere. */
  readonly inSource: string | undefined;
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
  readonly sbomOutputDir?: string;
  readonly provenance?: string;
}

/** What the buildpack and this package say for a build. */
export interface ProjectFacts {
  /** The execution environment that a build of a folder with these variables is for. */
  readonly execEnvOfFolder: (folder: string, variables: Readonly<Record<string, string>>) => Promise<string>;
  /** What provenance tells besides. */
  readonly provenanceFacts: () => Promise<Pick<WantedProvenance, 'version' | 'lockFiles'>>;
}

/** Checks the arguments of `ofn build`; each failure says what to give instead. */
export async function readBuildRequest(
  path: string,
  options: BuildOptions,
  terminal: Terminal,
  facts: ProjectFacts,
): Promise<BuildRequest> {
  const source = await realpath(resolve(terminal.cwd, path)).catch(() => undefined);
  if (source === undefined || !(await stat(source)).isDirectory())
    throw invalid(`"${path}" is not a folder`, 'Give the folder of the function.');
  parseTarget(options.image);
  parseReference(options.builder);
  const foreignArch = readPlatform(options.platform, terminal);
  const env = readVariables(options.env);
  const caCert = await readCaCert(options, terminal);
  await checkSource(source);
  const execEnv = await facts.execEnvOfFolder(source, env);
  return {
    source,
    image: options.image,
    builder: options.builder,
    foreignArch,
    execEnv,
    env,
    publish: options.publish,
    clearCache: options.clearCache,
    verbose: options.verbose,
    caCert,
    provenance: await readProvenance(options, source, facts, terminal),
    sbomOutputDir: await readFolder(options.sbomOutputDir, terminal),
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
  source: string,
  { provenanceFacts }: ProjectFacts,
  { cwd }: Terminal,
): Promise<WantedProvenance | undefined> {
  if (provenance === undefined) return undefined;
  const given = resolve(cwd, provenance);
  const folder = await realpath(dirname(given)).catch(() => undefined);
  if (folder !== undefined && (await stat(folder)).isDirectory()) {
    const file = join(folder, basename(given));
    const inSource = isInside(source, file) ? relative(source, file) : undefined;
    return { file, inSource, ...(await provenanceFacts()) };
  }
  throw invalid(`the folder of --provenance "${provenance}" is not there`, 'Make it, or give a file elsewhere.');
}

/** A folder to write into, which need not be there. */
async function readFolder(path: string | undefined, { cwd }: Terminal): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const folder = resolve(cwd, path);
  const info = await stat(folder).catch(() => undefined);
  if (info?.isDirectory() !== false) return folder;
  throw invalid(`--sbom-output-dir "${path}" is not a folder`, 'Give a folder, or one that is not there yet.');
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
