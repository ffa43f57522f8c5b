import type { SendBatch } from '../batches.ts';
import { grpcCaller } from '../grpc-caller.ts';
import { withRetries } from '../retry.ts';
import type { Target } from '../target.ts';
import { encodeTraces, type Origin } from './otlp-message.ts';
import type { EndedSpan } from './span.ts';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

/** Sends spans over gRPC: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc */
export function otlpOverGrpc(target: Target, origin: Origin): SendBatch<EndedSpan> {
  const call = grpcCaller(target);
  return (spans, ending) => {
    const message = encodeTraces(spans, origin);
    return withRetries(() => call(EXPORT, [message]), ending);
  };
}
