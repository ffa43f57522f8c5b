import type { Log } from '../base/log.ts';
import type { OpenFunctionContext } from './context/types.ts';
import type { OpenFunctionInvocation } from './context/runtime.ts';
import { makeHooks, type Around } from './plugin/hooks.ts';
import { initPlugins, loadPlugins } from './plugin/load-plugins.ts';
import type { PluginLike } from './plugin/plugin.ts';
import type { Tracer } from './tracer.ts';

/** What runs around the calls of a function. */
export interface Extensions {
  /** Around functions of OpenFunction. */
  readonly around: Around | undefined;
  /** Around all others, which have plugins where the context lists them. */
  readonly aroundOthers: Around | undefined;
  readonly tracer: Tracer | undefined;
  /** A plugin by its name, as the hooks of that call get it. */
  readonly plugin: (name: string, ctx: OpenFunctionInvocation) => PluginLike | undefined;
}

/** Where plugins come from, and who wants them. */
export interface ExtensionSources {
  readonly context: Pick<OpenFunctionContext, 'prePlugins' | 'postPlugins'>;
  readonly folder: string;
  /** Somebody named the folder, so that it has to be there. */
  readonly isNamed: boolean;
  readonly modulePath: string;
  readonly tracer: Tracer | undefined;
  /** Nothing is going to be called: plugins are loaded, and not initialised. */
  readonly rehearsal: boolean;
  readonly log: Log;
}

/** OpenFunction's controller lists tracing among the plugins; here it is none. */
const TRACERS = new Set(['skywalking', 'opentelemetry']);

/** Loads the plugins of a function; OFN-PLUGIN when one that the context lists is not there. */
export async function loadExtensions({ context, tracer, log, ...from }: ExtensionSources): Promise<Extensions> {
  const pre = context.prePlugins.filter(isNoTracer);
  const post = context.postPlugins.filter(isNoTracer);
  const plugins = await loadPlugins({ ...from, wanted: [...new Set([...pre, ...post])], log });
  if (plugins.size === 0) return withoutPlugins(tracer);
  if (!from.rehearsal) await initPlugins(plugins);
  const all = [...plugins.keys()];
  const hooks = makeHooks(plugins, log, tracer?.hook);
  // An empty list means all of them, in the order they were loaded; functions of other signatures have only those listed.
  const order = { pre: pre.length > 0 ? pre : all, post: post.length > 0 ? post : all };
  const isListed = pre.length + post.length > 0;
  return {
    around: traced(hooks.around(order), tracer),
    aroundOthers: traced(isListed ? hooks.around({ pre, post }) : undefined, tracer),
    tracer,
    plugin: hooks.plugin,
  };
}

function isNoTracer(name: string): boolean {
  return !TRACERS.has(name.toLowerCase());
}

function withoutPlugins(tracer: Tracer | undefined): Extensions {
  return { around: tracer?.around, aroundOthers: tracer?.around, tracer, plugin: () => undefined };
}

/** The span of a call has those of its hooks in it. */
function traced(hooks: Around | undefined, tracer: Tracer | undefined): Around | undefined {
  if (tracer === undefined) return hooks;
  if (hooks === undefined) return tracer.around;
  return (ctx, call) => tracer.around(ctx, () => hooks(ctx, call));
}
