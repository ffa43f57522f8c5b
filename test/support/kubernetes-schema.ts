import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { isTable, type Table } from '../../src/base/table.ts';
import { ROOT } from './artefact.ts';

const read = (kind: string): Table =>
  JSON.parse(readFileSync(join(ROOT, 'test/fixtures/schemas', `${kind}.json`), 'utf8')) as Table;

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
formats.default(ajv);

/**
 * What is wrong with a resource, as the schema of its kind has it, unknown fields among it; none when it is right. The
 * schemas are those of the projects that own the kinds (scripts/schemas.ts).
 */
export function faultsOfResource(resource: unknown): string[] {
  if (!isTable(resource)) return ['it is no resource'];
  const validate = validatorOf(`${String(resource['apiVersion'])}/${String(resource['kind'])}`);
  if (validate(resource)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function validatorOf(kind: string): ValidateFunction {
  const known = ajv.getSchema(kind);
  if (known !== undefined) return known;
  const pod = read('v1/Pod');
  const definitions = { ...(pod['definitions'] as Table), ...(read(kind)['definitions'] as Table | undefined) };
  const schema = read(kind);
  const properties = schema['properties'];
  const metadata = { $ref: `#/definitions/${OBJECT_META}` };
  // A definition of a kind of one's own says of its metadata only that it is an object.
  const own = isTable(properties) ? { properties: { ...properties, metadata } } : {};
  return ajv.compile({ ...(strict({ ...schema, ...own, definitions }) as object), $id: kind });
}

/** Allows no field that a schema does not name, as the API server has it with strict validation. */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  if (!isTable(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, strict(one)]));
  const isOpen = value['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in value;
  const isObject = value['type'] === 'object' && isTable(value['properties']);
  return isObject && !isOpen ? { ...inner, additionalProperties: false } : inner;
}
