import type { ManifestFunction } from '../../base/function-manifest.ts';
import { FnError } from '../../base/error.ts';
import { parseJson } from '../../base/json.ts';
import type { Environment } from '../../base/setting.ts';
import { isTable, type Table } from '../../base/table.ts';
import type { ImageBounds } from './image-bounds.ts';

/** The variable that carries the request to the process of the boot check. */
const VARIABLE = 'OFN_CHECK';

/** What the boot check has to prove. */
export interface CheckRequest {
  /** Absolute file or folder of the function. */
  readonly source: string;
  readonly target: string;
  readonly signatureType: string;
  /** Where the image has modules: all others are none. */
  readonly bounds: ImageBounds;
  /** Demands on packages that an earlier build met; where a package is not on disk, a stand-in meets them. */
  readonly standIns: readonly string[];
  /** Whether all packages are on disk, so that no stand-in is wanted. */
  readonly complete: boolean;
  /** The variables that make it a plugin of Keel, as they will be at launch. */
  readonly keel: Readonly<Record<string, string>>;
  /** Where to leave compiled code; nowhere when it is left out. */
  readonly compiled?: CompiledRequest | undefined;
}

/** Compiled code to leave for launches. */
export interface CompiledRequest {
  /** Absolute folder for it. */
  readonly folder: string;
  /** Absolute paths of modules that every launch loads beside the function. */
  readonly preloaded: readonly string[];
}

/** What the boot check found: the function's module, or the failure. */
export type CheckReport =
  | {
      readonly ok: true;
      readonly modulePath: string;
      readonly signatureType: string;
      /** What is served. */
      readonly functions: readonly ManifestFunction[];
      /** The names that the module exports, sorted. */
      readonly exports: readonly string[];
      /** What does not keep the function from booting, such as a plugin that can't be loaded. */
      readonly warnings: readonly string[];
      /** Processor time from the start of the process until it answered, in milliseconds. */
      readonly cpuMilliseconds: number;
    }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly hint: string };

/** The environment that hands a request over. */
export function encodeCheckRequest(request: CheckRequest): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(request) };
}

/** Reads the request in the process of the boot check. */
export function readCheckRequest(env: Environment): CheckRequest {
  const request: unknown = JSON.parse(env[VARIABLE] ?? 'null');
  if (!isTable(request) || !Array.isArray(request['standIns'])) {
    throw new FnError(`Couldn't read the boot check's request: ${VARIABLE} is not set.`, {
      code: 'OFN-BUILDPACK',
      hint: 'The boot check is started by bin/build.',
    });
  }
  const text = (key: string): string => String(request[key]);
  const bounds = boundsOf(request['bounds']);
  const standIns = request['standIns'].map(String);
  const keel = Object.fromEntries(Object.entries(request['keel'] ?? {}).map(([name, value]) => [name, String(value)]));
  const compiled = compiledOf(request['compiled']);
  const signatureType = text('signatureType');
  const complete = request['complete'] === true;
  return { source: text('source'), target: text('target'), signatureType, bounds, standIns, complete, keel, compiled };
}

function boundsOf(value: unknown): ImageBounds {
  const { appDir, folders } = isTable(value) ? value : {};
  return { appDir: String(appDir), folders: texts(folders) };
}

function compiledOf(value: unknown): CompiledRequest | undefined {
  if (!isTable(value) || !Array.isArray(value['preloaded'])) return undefined;
  return { folder: String(value['folder']), preloaded: value['preloaded'].map(String) };
}

/** Reads the report of a boot check; undefined when its process ended without one. */
export function readCheckReport(text: unknown): CheckReport | undefined {
  const report = typeof text === 'string' ? parseJson(text) : undefined;
  if (!isTable(report)) return undefined;
  const field = (key: string): string => String(report[key]);
  return report['ok'] === true
    ? {
        ok: true,
        modulePath: field('modulePath'),
        signatureType: field('signatureType'),
        functions: Array.isArray(report['functions']) ? report['functions'].filter(isTable).map(functionIn) : [],
        exports: texts(report['exports']),
        warnings: texts(report['warnings']),
        cpuMilliseconds: Number(report['cpuMilliseconds']),
      }
    : { ok: false, code: field('code'), message: field('message'), hint: field('hint') };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function functionIn(table: Table): ManifestFunction {
  const { name, signatureType, path, methods } = table;
  return {
    name: String(name),
    signatureType: String(signatureType),
    ...(typeof path === 'string' ? { path } : {}),
    ...(Array.isArray(methods) ? { methods: methods.map(String) } : {}),
  };
}
