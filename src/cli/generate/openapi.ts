import { FnError } from '../../base/error.ts';
import type { ManifestFunction } from '../../base/function-manifest.ts';
import type { Table } from '../../base/table.ts';
import { componentsOf, pointerTo } from './openapi-schemas.ts';
import type { ServedFunction } from './served-function.ts';

/** Signatures of functions that take an event in the body of a request. */
const OF_EVENTS: ReadonlySet<string> = new Set(['cloudevent', 'event']);
/** What a CloudEvent in JSON has to have: https://github.com/cloudevents/spec/blob/main/cloudevents/formats/json-format.md */
const CONTEXT = ['id', 'source', 'specversion', 'type'];
/** A segment of a path that stands for others. */
const PARAMETER = /\/(?::(\w+)|\{(\w+)\}|\*)(?=\/|$)/g;
/** The methods that OpenAPI has words for. */
const METHODS: ReadonlySet<string> = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

/** The OpenAPI description of what requests call: https://spec.openapis.org/oas/v3.1.1 */
export function openApi({ functions, inputs, version }: ServedFunction, { name }: { readonly name: string }): Table {
  // Those with inputs are called by messages, on paths that Dapr chooses.
  const called = functions.filter(
    ({ signatureType }) => signatureType !== 'apisix' && !(signatureType === 'openfunction' && inputs.length > 0),
  );
  if (called.length === 0) throw notCalled(name);
  const described = Map.groupBy(
    called.map((one) => ({ one, path: one.path ?? (functions.length > 1 ? `/${one.name}` : '/') })),
    ({ path }) => path.replaceAll(PARAMETER, '/*'),
  );
  const schemas = Object.fromEntries(called.flatMap(componentsOf));
  return {
    openapi: '3.1.1',
    info: { title: name, version: version ?? '0.0.0' },
    paths: Object.fromEntries([...described.values()].map(pathItem)),
    ...(Object.keys(schemas).length === 0 ? {} : { components: { schemas } }),
  };
}

/** A function and its path. */
interface Located {
  readonly one: ManifestFunction;
  readonly path: string;
}

/**
 * The functions of paths that differ in the names of parameters alone, which OpenAPI takes for one path. It has the names of
 * the first, which is also who gets requests of a method that several answer.
 */
function pathItem(located: readonly Located[]): readonly [string, object] {
  const { template, names } = templateOf(located[0]?.path ?? '/');
  const parameters = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const operations = located.toReversed().map(({ one }) => operationsOf(one));
  return [template, Object.assign(parameters.length === 0 ? {} : { parameters }, ...operations)];
}

/** A path of OpenAPI with its parameters: `/orders/:id` is `/orders/{id}` as well, and what `*` stands for is `{rest}`. */
function templateOf(path: string): { readonly template: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const template = path.replaceAll(PARAMETER, (_, colon?: string, braces?: string) => {
    const name = colon ?? braces ?? 'rest';
    // A second one of a name is one of its own.
    names.push(names.includes(name) ? `${name}${names.length + 1}` : name);
    return `/{${names.at(-1)}}`;
  });
  return { template, names };
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
  if (methods !== undefined && methods.length > 0)
    return methods.map((method) => method.toLowerCase()).filter((method) => METHODS.has(method));
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

function notCalled(name: string): FnError {
  return new FnError(`Couldn't describe ${name}: it has no function that requests call.`, {
    code: 'OFN-IMAGE-MANIFEST',
    hint: 'Functions that messages call have inputs instead: "ofn generate function" tells them.',
  });
}
