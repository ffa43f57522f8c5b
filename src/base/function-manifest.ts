import { parseJson } from './json.ts';
import { isTable, type Table } from './table.ts';

/** The label of an image that holds its function's manifest, as JSON: docs/manifest.md. */
export const MANIFEST_LABEL = 'io.openfunction.function';

/** A JSON Schema: https://json-schema.org */
export type JsonSchema = Table;

/** What a function takes and gives, where its project says so. */
export interface FunctionSchemas {
  readonly input?: JsonSchema;
  readonly output?: JsonSchema;
}

/** A function that an image serves. */
export interface ManifestFunction extends FunctionSchemas {
  readonly name: string;
  readonly signatureType: string;
  /** Where it is served, when it says so itself. */
  readonly path?: string;
  readonly methods?: readonly string[];
}

/** A component of Dapr that a function is called by, or sends to. */
export interface ManifestComponent {
  /** The name that the function knows it by. */
  readonly name: string;
  /** The component's own name. */
  readonly component: string;
  /** Such as `bindings.kafka` or `pubsub.redis`. */
  readonly type?: string;
  readonly topic?: string;
  /** Of a binding that is sent to. */
  readonly operation?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What an image says of its function. */
export interface FunctionManifest {
  readonly schemaVersion: 1;
  /** Those that the image serves; the first is the one that messages reach. */
  readonly functions: readonly ManifestFunction[];
  /** The names that the function's module exports, sorted; undefined where the build did not boot it. */
  readonly exports?: readonly string[];
  /** The variables that its own modules read, sorted; left out where there are none. */
  readonly environment?: readonly string[];
  readonly inputs: readonly ManifestComponent[];
  readonly outputs: readonly ManifestComponent[];
  readonly runtime: { readonly framework: string; readonly node: string };
}

/** The manifest in a label; undefined when there is none, or one of a later schema. */
export function decodeManifest(label: string | undefined): FunctionManifest | undefined {
  const value: unknown = label === undefined ? undefined : parseJson(label);
  return isManifest(value) ? value : undefined;
}

function isManifest(value: unknown): value is FunctionManifest {
  if (!isTable(value) || value['schemaVersion'] !== 1) return false;
  return ['functions', 'inputs', 'outputs'].every((key) => Array.isArray(value[key])) && isTable(value['runtime']);
}
