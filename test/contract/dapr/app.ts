import { join } from 'node:path';
import { ROOT } from '../../support/artefact.ts';
import type { Component } from '../../support/dapr-resources.ts';
import { runFunction, type ServingProcess } from '../../support/functions-framework.ts';
import { ownPort } from '../../support/own-port.ts';
import type { Engine, EngineOptions, Protocol, RunningEngine } from './engine.ts';

/** What a function has of a component. */
interface Use {
  readonly component: Component;
  readonly uri?: string;
  readonly operation?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** How a function is set up, and the sidecar before it; each component is named once. */
export interface Setup extends Omit<EngineOptions, 'components' | 'app'> {
  readonly inputs: Readonly<Record<string, Use>>;
  readonly outputs?: Readonly<Record<string, Use>>;
  readonly states?: Readonly<Record<string, Use>>;
  /** More of the function context. */
  readonly context?: object;
  readonly env?: Readonly<Record<string, string>>;
}

/** A process of the function of test/fixtures/dapr-app. */
export interface App extends ServingProcess {
  /** Waits until it has printed as many lines with this word, and gives the values of all of them. */
  lines(word: string, count: number): Promise<Line[]>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- whatever the fixture prints
type Line = any;

/** A function beside a sidecar that is ready. */
export interface Case {
  readonly sidecar: RunningEngine;
  readonly app: App;
  /** Starts another process in place of one that has ended. */
  readonly restart: (env?: Readonly<Record<string, string>>) => Promise<App>;
  /** Publishes as any client of Dapr does; the status. */
  readonly publish: (path: string, body: unknown, contentType?: string) => Promise<number>;
}

const FOLDER = join(ROOT, 'test/fixtures/dapr-app');

/** Starts a sidecar and the function. */
export async function startCase(engine: Engine, protocol: Protocol, setup: Setup): Promise<Case> {
  const { inputs, outputs = {}, states = {}, context = {}, env = {}, ...options } = setup;
  const uses = [inputs, outputs, states].flatMap((group) => Object.values(group));
  const components = [...new Set(uses.map(({ component }) => component))];
  const port = await ownPort();
  const sidecar = await engine.start({ ...options, components, app: { port, protocol } });
  const [FUNC_CONTEXT, PORT] = [
    JSON.stringify({
      name: 'app',
      runtime: 'Async',
      inputs: keysOf(inputs),
      outputs: keysOf(outputs),
      states: keysOf(states),
      ...context,
    }),
    String(port),
  ];
  const restart = async (more = {}): Promise<App> => {
    const all = { FUNC_CONTEXT, PORT, ...sidecar.env, ...env, ...more };
    const serving = await runFunction({ folder: FOLDER }, ['--target', 'take,hello'], all);
    return { ...serving, lines: (word, count) => linesOf(serving, word, count) };
  };
  const app = await restart();
  if (Number.isNaN(app.port)) throw new Error(`The function did not start:\n${app.printed}`);
  await sidecar.ready();
  const token = setup.apiToken === undefined ? {} : { 'dapr-api-token': setup.apiToken };
  return {
    sidecar,
    app,
    restart,
    async publish(path, body, contentType = 'application/json') {
      const { status } = await fetch(`${sidecar.url}/v1.0/publish/${path}`, {
        method: 'POST',
        headers: { 'content-type': contentType, ...token },
        body:
          body instanceof Uint8Array
            ? Buffer.from(body)
            : contentType.endsWith('json')
              ? JSON.stringify(body)
              : String(body),
      });
      return status;
    },
  };
}

function keysOf(uses: Readonly<Record<string, Use>>): object {
  const entries = Object.entries(uses).map(([key, { component, ...rest }]) => {
    return [key, { componentName: component.name, componentType: component.type, ...rest }];
  });
  return Object.fromEntries(entries);
}

async function linesOf({ child }: ServingProcess, word: string, count: number): Promise<Line[]> {
  // Each line can be read in one way alone: a pattern that tries others takes for ever.
  const pattern = new RegExp(`(?:^${word} .*\n(?:(?!${word} ).*\n)*){${count}}`, 'm');
  const printed = await child.printed(pattern);
  const lines = printed.split('\n').filter((line) => line.startsWith(`${word} `));
  if (lines.length < count) throw new Error(`It ended without printing "${word}" ${count} times:\n${printed}`);
  return lines.map((line) => JSON.parse(line.slice(word.length)));
}
