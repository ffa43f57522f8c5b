import type { Sw8 } from './sw8.ts';

/** The spans of one call in one process: https://skywalking.apache.org/docs/main/latest/en/api/trace-data-protocol-v3/ */
export interface EndedSegment {
  readonly traceId: string;
  readonly segmentId: string;
  readonly spans: readonly SegmentSpan[];
}

export const SPAN_TYPE = { entry: 0, exit: 1, local: 2 } as const;
export const SPAN_LAYER = { unknown: 0, http: 3, mq: 4, faas: 6 } as const;
const REF_TYPE = { process: 0, thread: 1 } as const;

/** What a segment goes on from. */
export interface SegmentRef {
  readonly parent: Sw8;
  readonly type: (typeof REF_TYPE)[keyof typeof REF_TYPE];
}

/** A span that has ended. Times are milliseconds since 1970. */
export interface SegmentSpan {
  readonly spanId: number;
  /** -1 for the first of a segment. */
  readonly parentId: number;
  readonly ref: SegmentRef | undefined;
  readonly start: number;
  readonly end: number;
  readonly operation: string;
  readonly peer: string;
  readonly type: number;
  readonly layer: number;
  readonly isError: boolean;
  readonly tags: ReadonlyMap<string, string>;
  readonly logs: readonly SegmentLog[];
}

/** Something that happened during a span. */
export interface SegmentLog {
  readonly time: number;
  readonly data: Readonly<Record<string, string>>;
}

/** A reference to another process, or to a segment of this one that has been sent. */
export function refTo(parent: Sw8, isOwn: boolean): SegmentRef {
  return { parent, type: isOwn ? REF_TYPE.thread : REF_TYPE.process };
}
