import { bindRuntime } from '../context/bind-runtime.ts';
import type { RuntimeServices } from '../context/services.ts';
import type { Around } from '../plugin/hooks.ts';
import type { Run } from './endpoint-of.ts';

/**
 * Calls functions that have no context of their own with plugins and tracing around them, which get one. Of functions that
 * get the request `ctx.data` is its body.
 */
export function runAround(around: Around, services: RuntimeServices): Run {
  const Runtime = bindRuntime(services);
  return (req, res, data, call) => {
    const ctx = new Runtime(req, res);
    if (data !== req) {
      ctx.data = data;
      return around(ctx, () => call(ctx.data));
    }
    const body: unknown = req.body;
    ctx.data = body;
    return around(ctx, () => {
      if (ctx.data !== body) req.body = ctx.data;
      return call(req);
    });
  };
}
