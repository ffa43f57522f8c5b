import { bindRuntime } from '../context/bind-runtime.ts';
import type { RuntimeServices } from '../context/services.ts';
import type { Around } from '../plugin/hooks.ts';
import type { Run } from './endpoint-of.ts';

/** Calls a function and nothing else. */
export const direct: Run = (_req, _res, data, call) => call(data);

/** Calls functions that have no context of their own with plugins and tracing around them, which get one. */
export function runAround(around: Around, services: RuntimeServices): Run {
  const Runtime = bindRuntime(services);
  return (req, res, data, call) => {
    const ctx = new Runtime(req, res);
    ctx.data = data;
    return around(ctx, () => call(ctx.data));
  };
}
