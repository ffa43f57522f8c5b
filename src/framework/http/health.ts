import type { Probe } from '../lifecycle.ts';
import type { Interceptor } from './exchange.ts';
import { pathOf } from './query.ts';
import type { Response } from './types.ts';

/** A path that tells how the server is. */
export interface HealthCheck {
  readonly path: string;
  /** False or a throw says no; a check without one says yes while the server lives. */
  readonly probe?: Probe | undefined;
  /** Says no while functions are not called yet or no more, for load balancers to send nothing. */
  readonly whileServing: boolean;
  /** Leaves the path to others for anything but looking. */
  readonly looksOnly?: boolean;
}

/** Where the sidecar asks: https://docs.dapr.io/operations/resiliency/health-checks/app-health/ */
const SIDECAR_CHECK: HealthCheck = { path: '/healthz', whileServing: true, looksOnly: true };

/** What an application knows of its health checks. */
interface HealthSettings {
  readonly healthPath: string | undefined;
  readonly livenessPath: string | undefined;
  readonly readinessPath: string | undefined;
  readonly liveness: Probe | undefined;
  readonly readiness: Probe | undefined;
  /** Whether there is a sidecar that asks on its own. */
  readonly takesMessages: boolean;
}

/** The checks that were asked for, by settings or by exports of the module; a sidecar needs no asking. */
export function healthChecks(settings: HealthSettings): HealthCheck[] {
  const { healthPath, liveness, readiness, takesMessages } = settings;
  const live = settings.livenessPath ?? pathFor('liveness', liveness);
  const ready = settings.readinessPath ?? pathFor('readiness', readiness);
  return [
    ...(takesMessages ? [SIDECAR_CHECK] : []),
    ...(healthPath === undefined ? [] : [{ path: healthPath, whileServing: true }]),
    ...(live === undefined ? [] : [{ path: live, probe: liveness, whileServing: false }]),
    ...(ready === undefined ? [] : [{ path: ready, probe: readiness, whileServing: true }]),
  ];
}

function pathFor(kind: string, probe: Probe | undefined): string | undefined {
  return probe === undefined ? undefined : (probe.path ?? `/health/${kind}`);
}

/** Answers health checks with 200 `OK` or 503; their paths never reach a function. */
export function answerHealth(checks: readonly HealthCheck[], isServing: () => boolean): Interceptor {
  const byPath = new Map(checks.map((check) => [check.path, check]));
  return (req, res) => {
    const check = byPath.get(pathOf(req.url));
    if (check === undefined || (check.looksOnly === true && req.method !== 'GET' && req.method !== 'HEAD'))
      return false;
    if (check.whileServing && !isServing()) tell(res, false);
    else void ask(check).then((healthy) => tell(res, healthy));
    return true;
  };
}

async function ask({ probe }: HealthCheck): Promise<boolean> {
  try {
    return (await probe?.()) !== false;
  } catch {
    return false;
  }
}

function tell(res: Response, healthy: boolean): void {
  res
    .status(healthy ? 200 : 503)
    .type('text/plain')
    .send(healthy ? 'OK' : 'Service Unavailable');
}
