import { FnError } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import type { TraceConfig } from '../framework/context/types.ts';
import type { Tracer } from '../framework/tracer.ts';
import type { Subject } from './subject.ts';

/** What a tracer is opened with. */
export interface TracerOptions {
  readonly config: TraceConfig;
  readonly subject: Subject;
  readonly env: Environment;
  readonly log: Log;
}

/** Makes the tracer that the function context names. One that can't be made is told of: the function runs without. */
export async function openTracer({ config, subject, env, log }: TracerOptions): Promise<Tracer | undefined> {
  const name = config.provider?.name.toLowerCase();
  try {
    if (name === 'opentelemetry') {
      const { openTelemetry } = await import('./opentelemetry/open.ts');
      return await openTelemetry(config, subject, env, log);
    }
    if (name === 'skywalking') {
      const { skyWalking } = await import('./skywalking/open.ts');
      return await skyWalking(config, subject, env, log);
    }
    log.warn(`The provider of tracing "${name ?? ''}" is neither opentelemetry nor skywalking. Nothing is traced.`);
  } catch (error) {
    if (!(error instanceof FnError)) throw error;
    log.warn(`${error.message} Nothing is traced.`);
  }
  return undefined;
}
