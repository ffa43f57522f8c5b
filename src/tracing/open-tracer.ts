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

/** Makes the tracer that the function context names; undefined when there is none, OFN-CONFIG when it can't be made. */
export async function openTracer({ config, subject, env, log }: TracerOptions): Promise<Tracer | undefined> {
  const name = config.provider?.name.toLowerCase();
  if (name === 'opentelemetry') {
    const { openTelemetry } = await import('./opentelemetry/open.ts');
    return openTelemetry(config, subject, env, log);
  }
  if (name === 'skywalking') {
    const { skyWalking } = await import('./skywalking/open.ts');
    return skyWalking(config, subject, env, log);
  }
  throw new FnError(`Couldn't trace with "${name ?? ''}": it is neither opentelemetry nor skywalking.`, {
    code: 'OFN-CONFIG',
    hint: 'Correct "provider" in the tracing of the Function, or disable tracing.',
  });
}
