import { parseArgs } from 'node:util';
import { FnError, messageOf } from '../base/error.ts';
import type { FailureFiles } from './task-results.ts';

const OPTIONS = {
  app: { type: 'string' },
  image: { type: 'string' },
  insecure: { type: 'string', default: 'false' },
  variables: { type: 'string', default: '' },
  'run-image': { type: 'string', default: '' },
  'cache-image': { type: 'string', default: '' },
  'clear-cache': { type: 'string', default: 'false' },
  'log-level': { type: 'string', default: 'info' },
  cache: { type: 'string', default: '/cache' },
  layers: { type: 'string', default: '/layers' },
  platform: { type: 'string', default: '/platform' },
  sbom: { type: 'string', default: '' },
  lifecycle: { type: 'string', default: '/cnb/lifecycle' },
  'digest-file': { type: 'string' },
  'reason-file': { type: 'string' },
  'message-file': { type: 'string' },
} as const;

/** Files that Shipwright reads once the step has ended. */
export interface ResultFiles extends FailureFiles {
  readonly digest: string;
}

/** What a strategy of deploy/shipwright asks for. Folders are absolute; an empty text stands for none. */
export interface ShipwrightRequest {
  readonly app: string;
  /** The name of the image to send to its registry. */
  readonly image: string;
  /** Variables as OpenFunction's controller gives them: `NAME=value#NAME=value#`. */
  readonly variables: string;
  readonly runImage: string;
  readonly cacheImage: string;
  readonly clearCache: boolean;
  readonly logLevel: string;
  readonly cache: string;
  readonly layers: string;
  readonly platform: string;
  /** Where bills of materials are left. */
  readonly sbom: string;
  /** The folder of the lifecycle's programs. */
  readonly lifecycle: string;
  /** Hosts of registries that are spoken to without TLS that holds. */
  readonly insecureRegistries: readonly string[];
}

/** A request, and where its results go. */
interface Arguments {
  readonly request: ShipwrightRequest;
  readonly results: ResultFiles;
}

/** Reads the arguments of a strategy's step; OFN-SHIPWRIGHT when they are of another version of the strategy. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const need = (name: 'app' | 'image' | 'digest-file' | 'reason-file' | 'message-file'): string => {
    const value = values[name];
    if (value) return value;
    throw unfit(`--${name} is missing`);
  };
  const image = need('image');
  const outputs = values.insecure === 'true' ? [registryOf(image)] : [];
  return {
    request: {
      app: need('app'),
      image,
      variables: values.variables,
      runImage: values['run-image'],
      cacheImage: values['cache-image'],
      clearCache: readSwitch('clear-cache', values['clear-cache']),
      logLevel: values['log-level'],
      cache: values.cache,
      layers: values.layers,
      platform: values.platform,
      sbom: values.sbom,
      lifecycle: values.lifecycle,
      insecureRegistries: [...new Set([...outputs, ...positionals])],
    },
    results: { digest: need('digest-file'), reason: need('reason-file'), message: need('message-file') },
  };
}

function readSwitch(parameter: string, value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new FnError(`Couldn't read the parameter ${parameter}: "${value}" is neither "true" nor "false".`, {
    code: 'OFN-SHIPWRIGHT',
    hint: 'Correct it in spec.paramValues of the Build, or of the BuildRun.',
  });
}

/** Where failures are told, as far as arguments say so, whatever else they have. */
export function findFailureFiles(args: readonly string[]): FailureFiles | undefined {
  const find = (flag: string): string | undefined =>
    args.find((word) => word.startsWith(`${flag}=`) && word.length > flag.length + 1)?.slice(flag.length + 1);
  const [reason, message] = [find('--reason-file'), find('--message-file')];
  return reason === undefined || message === undefined ? undefined : { reason, message };
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- the type is that of the table
function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw unfit(messageOf(error));
  }
}

/** The host in an image's name, Docker Hub's where it has none. */
function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'index.docker.io';
}

function unfit(what: string): FnError {
  return new FnError(`Couldn't read what the strategy asks for: ${what}.`, {
    code: 'OFN-SHIPWRIGHT',
    hint: 'Apply deploy/shipwright of the version of the builder.',
  });
}
