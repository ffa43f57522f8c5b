import { FnError } from '../../base/error.ts';
import type { FunctionSchemas, JsonSchema, ManifestFunction } from '../../base/function-manifest.ts';
import { isTable, type Table } from '../../base/table.ts';
import type { ServedFunction } from './served-function.ts';

/** Signatures of functions that take an event in the body of a request. */
const OF_EVENTS: ReadonlySet<string> = new Set(['cloudevent', 'event']);
/** What a CloudEvent in JSON has to have: https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md */
const CONTEXT = ['id', 'source', 'specversion', 'type'];

/** The OpenAPI description of what requests call: https://spec.openapis.org/oas/v3.1.1 */
export function openApi({ functions, inputs, version }: ServedFunction, { name }: { readonly name: string }): Table {
  // Those with inputs are called by messages, on paths that Dapr chooses.
  const called = functions.filter(
    ({ signatureType }) => signatureType !== 'apisix' && !(signatureType === 'openfunction' && inputs.length > 0),
  );
  if (called.length === 0) throw notCalled(name);
  const paths: Record<string, Record<string, object>> = {};
  for (const one of called) {
    const path = one.path ?? (functions.length > 1 ? `/${one.name}` : '/');
    const { template, parameters } = templateOf(path);
    const item = (paths[template] ??= parameters.length === 0 ? {} : { parameters: [...parameters] });
    Object.assign(item, operationsOf(one));
  }
  const schemas = Object.fromEntries(called.flatMap(componentsOf));
  return {
    openapi: '3.1.1',
    info: { title: name, version: version ?? '0.0.0' },
    paths,
    ...(Object.keys(schemas).length === 0 ? {} : { components: { schemas } }),
  };
}

/** A path of OpenAPI with its parameters: `/orders/:id` is `/orders/{id}` as well, and what `*` stands for is `{rest}`. */
function templateOf(path: string): { readonly template: string; readonly parameters: readonly object[] } {
  const names: string[] = [];
  const segments = path.split('/').map((segment) => {
    const [, colon, braces] = /^(?::(\w+)|\{(\w+)\})$/.exec(segment) ?? [];
    const name = segment === '*' ? 'rest' : (colon ?? braces);
    if (name === undefined) return segment;
    names.push(name);
    return `{${name}}`;
  });
  const parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  return { template: segments.join('/'), parameters };
}

function operationsOf(one: ManifestFunction): Readonly<Record<string, object>> {
  const methods = methodsOf(one);
  const operations = methods.map((method) => {
    const operationId = methods.length === 1 ? one.name : `${method}-${one.name}`;
    const body = method === 'get' || method === 'head' ? {} : bodyOf(one);
    return [method, { operationId, ...body, responses: responsesOf(one) }] as const;
  });
  return Object.fromEntries(operations);
}

/** Without methods of its own a function answers all: those are told that its schemas make sense for. */
function methodsOf({ signatureType, methods, input }: ManifestFunction): readonly string[] {
  if (methods !== undefined && methods.length > 0) return methods.map((method) => method.toLowerCase());
  return OF_EVENTS.has(signatureType) || signatureType === 'typed' || input !== undefined ? ['post'] : ['get', 'post'];
}

function bodyOf({ name, signatureType, input }: ManifestFunction): object {
  const schema = input === undefined ? undefined : { $ref: pointerTo(name, 'input') };
  if (OF_EVENTS.has(signatureType)) {
    const texts = Object.fromEntries(CONTEXT.map((key) => [key, { type: 'string' }]));
    const properties = { ...texts, ...(schema === undefined ? {} : { data: schema }) };
    const event = { type: 'object', required: CONTEXT, properties };
    return { requestBody: { required: true, content: { 'application/cloudevents+json': { schema: event } } } };
  }
  return schema === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema } } } };
}

function responsesOf({ name, signatureType, output }: ManifestFunction): object {
  if (OF_EVENTS.has(signatureType)) return { 204: { description: 'The event is handled.' } };
  const content = { 'application/json': { schema: { $ref: pointerTo(name, 'output') } } };
  return { 200: { description: 'The answer of the function.', ...(output === undefined ? {} : { content }) } };
}

function componentsOf(one: ManifestFunction): readonly (readonly [string, JsonSchema])[] {
  const sides = ['input', 'output'] as const;
  return sides.flatMap((side) => {
    const schema = one[side];
    return schema === undefined ? [] : [[`${one.name}.${side}`, moved(schema, pointerTo(one.name, side))] as const];
  });
}

function pointerTo(name: string, side: keyof FunctionSchemas): string {
  return `#/components/schemas/${name}.${side}`;
}

/** A schema as a part of a document: what refers to its own parts has to say where it is now. */
function moved(schema: JsonSchema, pointer: string): JsonSchema {
  // Its own identity is what its references are relative to.
  if (schema['$id'] !== undefined) return schema;
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    return isTable(value) ? moveTable(value) : value;
  };
  const moveTable = (table: JsonSchema): JsonSchema =>
    Object.fromEntries(
      Object.entries(table).map(([key, value]) => {
        const isOwn = key === '$ref' && typeof value === 'string' && /^#(?:\/|$)/.test(value);
        return [key, isOwn ? pointer + value.slice(1) : move(value)];
      }),
    );
  return moveTable(schema);
}

function notCalled(name: string): FnError {
  return new FnError(`Couldn't describe ${name}: it has no function that requests call.`, {
    code: 'OFN-IMAGE-MANIFEST',
    hint: 'Functions that messages call have inputs instead: "ofn generate function" tells them.',
  });
}
