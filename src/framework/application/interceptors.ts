import type { ApplicationOptions } from './options.ts';
import type { Interceptor } from '../http/exchange.ts';
import { BROWSER_ROUTES, ignoreRoutes } from '../http/ignored-routes.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { NamedFunction } from '../loader.ts';
import type { Served } from './routes.ts';

/** What decides before a function is called for a request. */
export async function interceptorsOf(options: ApplicationOptions, served: readonly Served[]): Promise<Interceptor[]> {
  const browsers = served.every(({ endpoint }) => endpoint.ignoresBrowsers) ? BROWSER_ROUTES : [];
  const ignored = options.ignoredRoutes ?? browsers;
  return [
    ...(ignored.length > 0 ? [ignoreRoutes(ignored)] : []),
    ...(await loadLimitsOf(options)),
    ...(options.timeout > 0 ? [(await import('../http/timeout.ts')).limitTime(options.timeout)] : []),
  ];
}

/** What answers paths of its own beside the functions, as a plugin of Keel does. */
export async function companionOf(
  options: ApplicationOptions,
  functions: readonly NamedFunction[],
): Promise<Interceptor[]> {
  const { companion, log } = options;
  if (companion === undefined) return [];
  const { answerCompanion, warnOfConflicts } = await import(/* webpackChunkName: "keel" */ '../http/companion.ts');
  warnOfConflicts(companion, functions, log);
  return [answerCompanion(companion, options)];
}

/** A path is taken from the function only where somebody asks for it. */
export async function healthOf(
  { healthPath, livenessPath, readinessPath, functionContext }: ApplicationOptions,
  { liveness, readiness }: Lifecycle,
  isServing: () => boolean,
): Promise<Interceptor[]> {
  const takesMessages = functionContext?.runtime === 'Async';
  const asked = healthPath ?? livenessPath ?? readinessPath ?? liveness ?? readiness;
  if (asked === undefined && !takesMessages) return [];
  const { answerHealth, healthChecks } = await import('../http/health.ts');
  const settings = { healthPath, livenessPath, readinessPath, liveness, readiness, takesMessages };
  return [answerHealth(healthChecks(settings), isServing)];
}

/** The path of metrics, where there is one. */
export async function metricsOf({ metricsPath, usage }: ApplicationOptions): Promise<Interceptor[]> {
  if (metricsPath === undefined) return [];
  const { exposeMetrics } = await import('../http/metrics.ts');
  return [exposeMetrics(metricsPath, usage)];
}

async function loadLimitsOf({ maxLoopDelay, maxConcurrency }: ApplicationOptions): Promise<Interceptor[]> {
  if (maxLoopDelay === 0 && maxConcurrency === 0) return [];
  const { limitConcurrency, limitLoopDelay } = await import('../http/load.ts');
  return [
    ...(maxLoopDelay > 0 ? [limitLoopDelay(maxLoopDelay)] : []),
    ...(maxConcurrency > 0 ? [limitConcurrency(maxConcurrency)] : []),
  ];
}
