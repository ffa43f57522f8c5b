import { isTable, type Table } from '../../base/table.ts';
import { scalarOf, textOf } from '../table.ts';
import { componentsOf, inputsOf, legacyInputs } from './components.ts';
import type { OpenFunctionContext, TraceConfig } from './types.ts';

/** A context and what a person should know of the texts it was made of. */
export interface NormalizedContext {
  /** Undefined when neither text says anything. */
  readonly context: OpenFunctionContext | undefined;
  readonly warnings: readonly string[];
}

/**
 * Makes one context of the texts of FUNC_CONTEXT and FUNC_CONTEXT_V1BETA2. The first leads: the second has no topics for
 * its outputs; hooks, tracing and triggers of the second win. Older forms are read as well.
 */
export function normalizeContext(v1beta1: string | undefined, v1beta2: string | undefined): NormalizedContext {
  const warnings: string[] = [];
  const first = parse('FUNC_CONTEXT', v1beta1, warnings);
  const second = parse('FUNC_CONTEXT_V1BETA2', v1beta2, warnings);
  if (first === undefined && second === undefined) return { context: undefined, warnings };
  const base = first === undefined ? fromV1beta2(second ?? {}) : fromV1beta1(first);
  const context = overlay(base, second);
  warnings.push(...faultsOf(context, first));
  return { context: deepFreeze(context), warnings };
}

/** A context out of one that functions make by themselves, of any version and with anything left out. */
export function completeContext(given: Readonly<Table>): OpenFunctionContext {
  return fromV1beta1(given);
}

function parse(variable: string, text: string | undefined, warnings: string[]): Table | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isTable(value)) return value;
    warnings.push(`${variable} is no JSON object; it is not used.`);
  } catch (error) {
    warnings.push(
      `${variable} is not JSON (${error instanceof Error ? error.message : String(error)}); it is not used.`,
    );
  }
  return undefined;
}

function fromV1beta1(raw: Readonly<Table>): OpenFunctionContext {
  const port = raw['port'] ?? raw['clientPort'];
  const tracing = tracingOf(raw['pluginsTracing'] ?? raw['plugins.tracing']);
  return {
    ...raw,
    name: textOf(raw['name']),
    version: textOf(raw['version']),
    runtime: runtimeOf(raw['runtime']),
    ...(port === undefined ? {} : { port: scalarOf(port) }),
    inputs: { ...legacyInputs(raw['input']), ...componentsOf(raw['inputs']) },
    outputs: componentsOf(outputsOf(raw['outputs'])),
    states: componentsOf(raw['states']),
    prePlugins: namesOf(raw['prePlugins']),
    postPlugins: namesOf(raw['postPlugins']),
    ...(tracing === undefined ? {} : { pluginsTracing: tracing }),
  };
}

function fromV1beta2(raw: Table): OpenFunctionContext {
  const triggers = isTable(raw['triggers']) ? raw['triggers'] : {};
  const dapr = Array.isArray(triggers['dapr']) ? triggers['dapr'].filter(isTable) : [];
  const http = isTable(triggers['http']) ? triggers['http'] : {};
  return {
    name: textOf(raw['name']),
    version: textOf(raw['version']),
    runtime: dapr.length > 0 ? 'Async' : 'Knative',
    port: scalarOf(http['port'] ?? 8080),
    inputs: inputsOf(dapr),
    outputs: componentsOf(raw['outputs']),
    states: componentsOf(raw['states']),
    prePlugins: [],
    postPlugins: [],
  };
}

function overlay(base: OpenFunctionContext, second: Table | undefined): OpenFunctionContext {
  if (second === undefined) return base;
  const pre = namesOf(second['preHooks']);
  const post = namesOf(second['postHooks']);
  const tracing = tracingOf(second['tracing']);
  const pulled = componentsOf(second['inputs']);
  return {
    ...base,
    ...(pre.length > 0 ? { prePlugins: pre } : {}),
    ...(post.length > 0 ? { postPlugins: post } : {}),
    ...(tracing === undefined ? {} : { pluginsTracing: tracing }),
    ...(isTable(second['triggers']) ? { triggers: second['triggers'] } : {}),
    ...(Object.keys(pulled).length > 0 ? { bindingsIn: pulled } : {}),
  };
}

/** The first proposal kept outputs one level deeper. */
function outputsOf(outputs: unknown): unknown {
  if (isTable(outputs) && outputs['enabled'] === false) return {};
  return isTable(outputs) && isTable(outputs['output_objects']) ? outputs['output_objects'] : outputs;
}

/** Any spelling, and the names of the first specifications: OpenFuncAsync and Dapr. */
function runtimeOf(value: unknown): OpenFunctionContext['runtime'] {
  return ['async', 'openfuncasync', 'dapr'].includes(textOf(value).toLowerCase()) ? 'Async' : 'Knative';
}

function namesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [];
}

/** `enable` was the spelling of the specification, `enabled` that of all code; tags were once a list of tables. */
function tracingOf(value: unknown): TraceConfig | undefined {
  if (!isTable(value)) return undefined;
  const { enable, enabled = enable, tags, baggage, provider, ...rest } = value;
  return {
    ...rest,
    enabled: enabled === true || enabled === 'true',
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its name is checked, the rest is the exporter's
    ...(isTable(provider) ? { provider: provider as unknown as NonNullable<TraceConfig['provider']> } : {}),
    ...(tags === undefined ? {} : { tags: textsOf(tags) }),
    ...(baggage === undefined ? {} : { baggage: textsOf(baggage) }),
  };
}

function textsOf(value: unknown): Record<string, string> {
  const tables = Array.isArray(value) ? value.filter(isTable) : isTable(value) ? [value] : [];
  return Object.fromEntries(tables.flatMap((table) => Object.entries(table)).map(([key, text]) => [key, String(text)]));
}

/** Faults that Go's framework refuses; here they are told, and the function runs. */
function faultsOf(context: OpenFunctionContext, raw: Table | undefined): string[] {
  const faults: string[] = [];
  const runtime = textOf(raw?.['runtime']);
  if (runtime !== '' && !['knative', 'async', 'openfuncasync', 'dapr'].includes(runtime.toLowerCase())) {
    faults.push(`invalid runtime: ${runtime}`);
  }
  for (const { componentType } of [context.inputs, context.outputs, context.states].flatMap(Object.values)) {
    const type = textOf(componentType);
    if (type !== '' && !type.includes('.')) faults.push(`invalid component type: ${type}`);
    else if (type !== '' && !/^(?:bindings|pubsub|state)\./.test(type)) faults.push(`unknown component type: ${type}`);
  }
  const { pluginsTracing } = context;
  if (pluginsTracing?.enabled !== true) return faults;
  const name = pluginsTracing.provider?.name;
  if (name === undefined) faults.push('the tracing plugin is enabled, but its configuration is incorrect');
  else if (!/^(?:skywalking|opentelemetry)$/i.test(name)) faults.push(`invalid tracing provider name: ${name}`);
  return faults;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null)
    for (const one of Object.values(Object.freeze(value))) deepFreeze(one);
  return value;
}
