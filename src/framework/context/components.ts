import { isTable, type Table } from '../../base/table.ts';
import { scalarOf, textOf } from '../table.ts';
import type { OpenFunctionComponent } from './types.ts';

type Components = Record<string, OpenFunctionComponent>;

/** A component by its name; what every object inherits is none. */
export function componentNamed(
  components: Readonly<Record<string, OpenFunctionComponent>>,
  name: string,
): OpenFunctionComponent | undefined {
  return Object.hasOwn(components, name) ? components[name] : undefined;
}

/** Components by name, of any version of the specification; those that are not enabled are left out. */
export function componentsOf(value: unknown): Components {
  if (!isTable(value)) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, Table] => isTable(entry[1]) && entry[1]['enabled'] !== false,
  );
  return Object.fromEntries(entries.map(([name, raw]) => [name, componentOf(name, raw)]));
}

/** The single input of the first specification. */
export function legacyInputs(input: unknown): Components {
  if (!isTable(input) || input['enabled'] === false) return {};
  const name = textOf(input['name']) || 'input';
  return { [name]: componentOf(name, input) };
}

/** Inputs out of `triggers.dapr`. */
export function inputsOf(triggers: readonly Table[]): Components {
  const inputs: Components = {};
  for (const trigger of triggers) {
    const componentName = textOf(trigger['name']);
    const topic = textOf(trigger['topic']);
    const componentType = textOf(trigger['type']) || (topic === '' ? 'bindings.unknown' : 'pubsub.unknown');
    const name = textOf(trigger['inputName']) || componentName;
    // Two topics of one component have its name alone.
    const key = Object.hasOwn(inputs, name) ? `${name}-${topic}` : name;
    inputs[key] = { componentName, componentType, uri: topic || componentName };
  }
  return inputs;
}

/** Types had one part at first. */
function fullType(type: string): string {
  return type === '' || type.includes('.') ? type : `${type}.unknown`;
}

/**
 * Version 0.1 had type and operation in `params` and named components by their keys, 0.2 by `component`; v1beta2 says
 * `topic`, the first proposal `url`.
 */
function componentOf(name: string, raw: Table): OpenFunctionComponent {
  const { component, Component, params, topic, url, uri = topic ?? url, enabled: _, type, ...rest } = raw;
  const inner = isTable(params) ? params : {};
  const componentName = textOf(raw['componentName']) || textOf(component) || textOf(Component) || name;
  const componentType = textOf(raw['componentType']) || fullType(textOf(type) || textOf(inner['type']));
  const operation = raw['operation'] ?? inner['operation'];
  return {
    ...rest,
    componentName,
    componentType,
    ...(uri === undefined ? {} : { uri: scalarOf(uri) }),
    ...(operation === undefined ? {} : { operation: scalarOf(operation) }),
  };
}
