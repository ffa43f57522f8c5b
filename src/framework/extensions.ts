import type { Log } from '../base/log.ts';
import type { OpenFunctionContext } from './context/types.ts';
import { runHooks, type Around } from './plugin/hooks.ts';
import { loadPlugins } from './plugin/load-plugins.ts';
import type { PluginLike } from './plugin/plugin.ts';
import type { Tracer } from './tracer.ts';

/** What runs around the calls of a function. */
export interface Extensions {
  /** Around functions of OpenFunction. */
  readonly around: Around | undefined;
  /** Around all others, which have plugins where the context lists them. */
  readonly aroundOthers: Around | undefined;
  readonly tracer: Tracer | undefined;
  /** A plugin by its name. */
  readonly plugin: (name: string) => PluginLike | undefined;
}

/** Where plugins come from, and who wants them. */
export interface ExtensionSources {
  readonly context: Pick<OpenFunctionContext, 'prePlugins' | 'postPlugins'>;
  /** The folder of plugins; it need not exist. */
  readonly folder: string;
  readonly modulePath: string;
  readonly tracer: Tracer | undefined;
  /** Around everything else, for logs. */
  readonly logScope?: Around | undefined;
  readonly log: Log;
}

/** OpenFunction's controller lists tracing among the plugins; here it is none. */
const TRACERS = new Set(['skywalking', 'opentelemetry']);

/** Loads the plugins of a function; OFN-PLUGIN when one that the context lists is not there. */
export async function loadExtensions({
  context,
  tracer,
  logScope,
  log,
  ...from
}: ExtensionSources): Promise<Extensions> {
  const pre = context.prePlugins.filter((name) => !TRACERS.has(name));
  const post = context.postPlugins.filter((name) => !TRACERS.has(name));
  const plugins = await loadPlugins({ ...from, wanted: [...new Set([...pre, ...post])], log });
  const all = [...plugins.keys()];
  // An empty list means all of them, in the order they were loaded.
  const order = { pre: pre.length > 0 ? pre : all, post: post.length > 0 ? post : all };
  const hooks = all.length === 0 ? undefined : runHooks(plugins, order, log, tracer?.hook);
  const around = within(logScope, traced(hooks, tracer));
  return {
    around,
    aroundOthers: pre.length + post.length > 0 ? around : within(logScope, traced(undefined, tracer)),
    tracer,
    plugin: (name) => plugins.get(name)?.plugin,
  };
}

/** The span of a call has those of its hooks in it. */
function traced(hooks: Around | undefined, tracer: Tracer | undefined): Around | undefined {
  if (tracer === undefined) return hooks;
  if (hooks === undefined) return tracer.around;
  return (ctx, call) => tracer.around(ctx, () => hooks(ctx, call));
}

function within(outer: Around | undefined, inner: Around | undefined): Around | undefined {
  if (outer === undefined || inner === undefined) return outer ?? inner;
  return (ctx, call) => outer(ctx, () => inner(ctx, call));
}
