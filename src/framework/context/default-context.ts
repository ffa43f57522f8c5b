import type { OpenFunctionContext } from './types.ts';

/** The context of a function that got none. */
export function defaultContext(name: string): OpenFunctionContext {
  return Object.freeze({
    name,
    version: '',
    runtime: 'Knative',
    inputs: {},
    outputs: {},
    states: {},
    prePlugins: [],
    postPlugins: [],
  });
}
