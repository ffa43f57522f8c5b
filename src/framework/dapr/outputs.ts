import { messageOf } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { componentNamed } from '../context/components.ts';
import type { OpenFunctionComponent, OpenFunctionContext } from '../context/types.ts';
import type { DaprClient } from './client.ts';

/** What became of each output, in the order of the function context. */
export type SendResult = PromiseSettledResult<unknown>[];

/** Changes a payload on its way to an output, such as into the envelope that Go functions use. */
export type Wrap = (payload: unknown, output: OpenFunctionComponent) => unknown;

/** Sends what functions hand to their outputs. */
export interface Outputs {
  /** To one output by its name, or to all; never rejects. A topic that could not be reached is fulfilled with false. */
  send(payload: unknown, name?: string, wrap?: Wrap): Promise<SendResult>;
  /** To one output; gives a binding's answer, undefined for a topic. Rejects when there is none or it failed. */
  sendTo(name: string, payload: unknown, wrap?: Wrap): Promise<unknown>;
}

/** Makes the outputs of a function context. */
export function makeOutputs(
  { outputs }: Pick<OpenFunctionContext, 'outputs'>,
  client: DaprClient,
  log: Pick<Log, 'warn' | 'error'>,
): Outputs {
  const tellBase64 = once((name: string) =>
    log.warn(`Bytes for the binding ${name} are sent in base64: its API is JSON. Send text or an object to avoid it.`),
  );
  const deliver = async (output: OpenFunctionComponent, given: unknown, wrap: Wrap): Promise<unknown> => {
    const payload = wrap(given, output);
    const { componentName, componentType, uri = '', operation = '', metadata } = output;
    if (isBinding(componentType)) {
      if (payload instanceof Uint8Array) tellBase64(componentName);
      return client.invokeBinding(componentName, operation, payload, metadata);
    }
    if (isTopic(componentType)) return client.publish(componentName, uri, payload, metadata);
    return undefined;
  };
  const settle = async (output: OpenFunctionComponent, payload: unknown, wrap: Wrap): Promise<unknown> => {
    if (!isTopic(output.componentType)) return deliver(output, payload, wrap);
    try {
      await deliver(output, payload, wrap);
      return true;
    } catch (error) {
      log.error(`Couldn't publish to ${output.componentName}/${output.uri ?? ''}: ${messageOf(error)}`);
      return false;
    }
  };
  return {
    async send(payload, name = '', wrap = asIs) {
      const output = componentNamed(outputs, name);
      if (name !== '' && output === undefined) {
        const missing = notFound(name);
        log.warn(missing.message);
        return [{ status: 'rejected', reason: missing }];
      }
      const chosen = output === undefined ? Object.values(outputs) : [output];
      return Promise.allSettled(chosen.map((one) => settle(one, payload, wrap)));
    },
    async sendTo(name, payload, wrap = asIs) {
      if (Object.keys(outputs).length === 0) throw new Error('no output');
      const output = componentNamed(outputs, name);
      if (output === undefined) throw notFound(name);
      return deliver(output, payload, wrap);
    },
  };
}

function asIs(payload: unknown): unknown {
  return payload;
}

/** Acts once for each name. */
function once(act: (name: string) => void): (name: string) => void {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    act(name);
  };
}

function notFound(name: string): Error {
  return new Error(`output ${name} not found`);
}

function isBinding(componentType: string): boolean {
  return componentType.split('.')[0] === 'bindings';
}

function isTopic(componentType: string): boolean {
  return componentType.split('.')[0] === 'pubsub';
}
