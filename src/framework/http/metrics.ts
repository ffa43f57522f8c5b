import type { Interceptor } from './exchange.ts';
import { pathOf } from './query.ts';
import type { Response } from './types.ts';

/** What the process has used so far. */
export interface Usage {
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

/** Upper bounds of durations, in seconds: those of Prometheus' own clients. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Counts and times requests, and answers `path` with the numbers:
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function exposeMetrics(path: string, usage: () => Usage): Interceptor {
  const requests = new Map<string, number>();
  const buckets = BUCKETS.map(() => 0);
  let active = 0;
  let seconds = 0;
  let count = 0;
  const observe = (method: string, res: Response, begun: number): void => {
    const duration = (performance.now() - begun) / 1000;
    const labels = `method="${method}",status="${res.writableFinished ? res.statusCode : 'aborted'}"`;
    requests.set(labels, (requests.get(labels) ?? 0) + 1);
    for (const [index, bound] of BUCKETS.entries()) if (duration <= bound) buckets[index] = (buckets[index] ?? 0) + 1;
    active -= 1;
    seconds += duration;
    count += 1;
  };
  const render = (): string => {
    const { residentBytes, cpuSeconds } = usage();
    return [
      ...family(
        'http_server_requests_total',
        'counter',
        [...requests].map(([labels, value]) => [`{${labels}}`, value]),
      ),
      ...family('http_server_active_requests', 'gauge', [['', active]]),
      ...family('http_server_request_duration_seconds', 'histogram', [
        ...BUCKETS.map((bound, index): [string, number] => [`_bucket{le="${bound}"}`, buckets[index] ?? 0]),
        ['_bucket{le="+Inf"}', count],
        ['_sum', seconds],
        ['_count', count],
      ]),
      ...family('process_resident_memory_bytes', 'gauge', [['', residentBytes]]),
      ...family('process_cpu_seconds_total', 'counter', [['', cpuSeconds]]),
      '',
    ].join('\n');
  };
  return (req, res) => {
    if (pathOf(req.url) === path) {
      const text = render();
      res.writeHead(200, { 'Content-Type': TYPE, 'Content-Length': Buffer.byteLength(text) }).end(text);
      return true;
    }
    active += 1;
    const begun = performance.now();
    res.once('close', () => observe(req.method, res, begun));
    return false;
  };
}

function family(name: string, type: string, samples: readonly (readonly [suffix: string, value: number])[]): string[] {
  return [`# TYPE ${name} ${type}`, ...samples.map(([suffix, value]) => `${name}${suffix} ${value}`)];
}
