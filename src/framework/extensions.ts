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
  /** Around everything else, for logs. */
  readonly logScope?: Around | undefined;
  /** Nothing is going to be called: plugins are loaded, and not initialised. */
  readonly rehearsal: boolean;
  readonly log: Log;
}

/** OpenFunction's controller lists tracing among the plugins; here it is none. */
const TRACERS = new Set(['skywalking', 'opentelemetry']);

/** Loads the plugins of a function; OFN-PLUGIN when one that the context lists is not there. */
export async function loadExtensions(sources: ExtensionSources): Promise<Extensions> {
  const { context, tracer, logScope, log, ...from } = sources;
  const outside = within(logScope, tracer?.around);
  const pre = context.prePlugins.filter(isNoTracer);
  const post = context.postPlugins.filter(isNoTracer);
  const plugins = await loadPlugins({ ...from, wanted: [...new Set([...pre, ...post])], log });
  if (plugins.size === 0) return { around: outside, aroundOthers: outside, tracer, plugin: () => undefined };
  if (!from.rehearsal) await initPlugins(plugins);
  const all = [...plugins.keys()];
  const hooks = makeHooks(plugins, log, tracer?.hook);
  // An empty list means all of them, in the order they were loaded; functions of other signatures have only those listed.
  const order = { pre: pre.length > 0 ? pre : all, post: post.length > 0 ? post : all };
  const isListed = pre.length + post.length > 0;
  return {
    around: within(outside, hooks.around(order)),
    aroundOthers: within(outside, isListed ? hooks.around({ pre, post }) : undefined),
    tracer,
    plugin: hooks.plugin,
  };
}

function isNoTracer(name: string): boolean {
  return !TRACERS.has(name.toLowerCase());
}

/** Such as the span of a call, which has those of its hooks in it. */
function within(outer: Around | undefined, inner: Around | undefined): Around | undefined {
  if (outer === undefined || inner === undefined) return outer ?? inner;
  return (ctx, call) => outer(ctx, () => inner(ctx, call));
}
