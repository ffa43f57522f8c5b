import type { FunctionSchemas, JsonSchema, ManifestFunction } from '../../base/function-manifest.ts';
import { isTable } from '../../base/table.ts';

/** The schemas of a function as components of a description, by their names. */
export function componentsOf(one: ManifestFunction): readonly (readonly [string, JsonSchema])[] {
  const sides = ['input', 'output'] as const;
  return sides.flatMap((side) => {
    const schema = one[side];
    return schema === undefined ? [] : [[`${one.name}.${side}`, embedded(schema, pointerTo(one.name, side))] as const];
  });
}

/** Where in a description the schema of a function is. */
export function pointerTo(name: string, side: keyof FunctionSchemas): string {
  return `#/components/schemas/${name}.${side}`;
}

/** Keys by which a schema refers to a part, and those by which it names one. */
const REFERENCES: ReadonlySet<string> = new Set(['$ref', '$dynamicRef']);
const ANCHORS: ReadonlySet<string> = new Set(['$anchor', '$dynamicAnchor']);

/** A schema as a part of a document: what refers to its own parts has to say where these are now. */
function embedded(schema: JsonSchema, pointer: string): JsonSchema {
  const anchors = new Map(anchorsOf(schema, pointer));
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    return isTable(value) ? moveTable(value) : value;
  };
  const moveTable = (table: JsonSchema): JsonSchema => {
    if (isApart(table)) return table;
    const entries = Object.entries(table).filter(([key, value]) => typeof value !== 'string' || !ANCHORS.has(key));
    return Object.fromEntries(
      entries.map(([key, value]) => {
        if (typeof value !== 'string') return [key, move(value)];
        return [key, REFERENCES.has(key) ? referenceTo(value) : value];
      }),
    );
  };
  const referenceTo = (reference: string): string => {
    if (/^#(?:\/|$)/.test(reference)) return pointer + reference.slice(1);
    return anchors.get(reference) ?? reference;
  };
  return moveTable(schema);
}

/** What has an identity of its own, which its references are relative to. */
function isApart(table: JsonSchema): boolean {
  return typeof table['$id'] === 'string';
}

/** The parts of a schema that have names, `#<name>`, and where they are; in a document they would be names of its own. */
function anchorsOf(value: unknown, pointer: string): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => anchorsOf(one, `${pointer}/${index}`));
  if (!isTable(value) || isApart(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === 'string') return ANCHORS.has(key) ? [[`#${inner}`, pointer] as const] : [];
    const segment = encodeURI(key.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('#', '%23');
    return anchorsOf(inner, `${pointer}/${segment}`);
  });
}
