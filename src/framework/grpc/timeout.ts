/** Milliseconds in each unit of the header grpc-timeout. */
const UNITS: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** The longest that setTimeout waits. */
const LONGEST = 2 ** 31 - 1;

/**
 * The milliseconds of the header grpc-timeout, at most what setTimeout takes; undefined where it is none:
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function parseTimeout(header: string): number | undefined {
  const unit = UNITS[header.slice(-1)];
  return unit !== undefined && /^\d{1,8}.$/.test(header)
    ? Math.min(Number(header.slice(0, -1)) * unit, LONGEST)
    : undefined;
}
