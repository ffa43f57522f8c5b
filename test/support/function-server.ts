import { onTestFinished } from 'vitest';
import type { Log } from '../../src/base/log.ts';
import { createApplication } from '../../src/framework/application.ts';
import { defaultContext } from '../../src/framework/context/default-context.ts';
import type { OpenFunctionContext } from '../../src/framework/context/types.ts';
import { signed } from '../../src/framework/exports.ts';
import type { Companion } from '../../src/framework/http/companion.ts';
import type { FunctionServer } from '../../src/framework/http/server.ts';
import type { Lifecycle } from '../../src/framework/lifecycle.ts';
import { readOptions } from '../../src/framework/options.ts';
import { readPlatform } from '../../src/framework/platform.ts';
import type { FunctionOptions } from '../../src/framework/registry.ts';
import type { Tracer } from '../../src/framework/tracer.ts';
import type { SignatureType } from '../../src/framework/signature/types.ts';
import { makeClient, type Answer, type Call } from './http-call.ts';

/** A function to serve. */
export interface Served {
  readonly handler: unknown;
  readonly name?: string;
  readonly signatureType?: SignatureType;
  readonly options?: FunctionOptions;
  readonly google?: boolean;
  readonly declared?: boolean;
}

/** How to serve. */
export interface Setup {
  /** Options by their variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly production?: boolean;
  readonly lifecycle?: Lifecycle;
  readonly context?: Partial<OpenFunctionContext>;
  readonly tracer?: Tracer;
  readonly companion?: Companion;
}

/** A server in this process. */
export interface Serving {
  readonly app: FunctionServer;
  readonly port: number;
  readonly call: (call?: Call | string) => Promise<Answer>;
  /** First lines of what was logged. */
  readonly logged: string[];
}

/** Serves functions on loopback until the test ends. */
export async function serveAll(functions: readonly Served[], setup: Setup = {}): Promise<Serving> {
  const logged: string[] = [];
  const write = (line: string): void => void logged.push(line.split('\n')[0] ?? '');
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const options = readOptions({ env: setup.env ?? {}, flags: {}, cwd: '/' });
  const named = functions.map(
    ({ handler, name = 'hello', signatureType = 'http', options = {}, google = false, declared = false }) => {
      const found = signed(handler, signatureType);
      if (found === undefined) throw new Error(`${name} is not a function.`);
      return { ...found, name, options: { ...found.options, ...options }, google, declared };
    },
  );
  const app = await createApplication(
    { modulePath: import.meta.filename, functions: named, lifecycle: setup.lifecycle ?? {} },
    {
      ...options,
      functionContext: { ...defaultContext('hello'), ...setup.context },
      platform: readPlatform(setup.env ?? {}),
      tracer: setup.tracer,
      companion: setup.companion,
      production: setup.production ?? false,
      log,
      usage: () => ({ residentBytes: 5, cpuSeconds: 1 }),
    },
  );
  const port = await app.listen(0, '127.0.0.1');
  onTestFinished(() => void app.close(0));
  return { app, port, call: makeClient(port), logged };
}

/** Serves one function. */
export async function serve(handler: unknown, signatureType: SignatureType = 'http', setup?: Setup): Promise<Serving> {
  return serveAll([{ handler, signatureType }], setup);
}
