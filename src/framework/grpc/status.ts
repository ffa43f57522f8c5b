import { messageOf } from '../../base/error.ts';
import { decodePercent } from '../percent.ts';

/** The codes of gRPC: https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
export const GRPC_STATUS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** How many UTF-16 units of a message are sent: with every one escaped, the header stays around the usual limit of 8 KiB. */
const MESSAGE_LENGTH = 1024;

/** A call that failed: `status` is what its client gets as grpc-status, the message as grpc-message. */
export class GrpcError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'GrpcError';
    this.status = status;
  }
}

/** What a message that is not one fails with: "Error parsing request proto" is INTERNAL in the table of codes. */
export function malformed(reason: string): GrpcError {
  return new GrpcError(GRPC_STATUS.INTERNAL, `malformed message: ${reason}`);
}

/** Anything thrown as a failed call; what is none is UNKNOWN, with its message. */
export function toGrpcError(thrown: unknown): GrpcError {
  return thrown instanceof GrpcError ? thrown : new GrpcError(GRPC_STATUS.UNKNOWN, messageOf(thrown));
}

/** The header grpc-message: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses */
export function encodeStatusMessage(message: string): string {
  const sent = message.length > MESSAGE_LENGTH ? `${message.slice(0, MESSAGE_LENGTH)}...` : message;
  return sent.toWellFormed().replace(/[^ -$&-~]+/g, encodeURIComponent);
}

/** The text of the header grpc-message; as it is when its escapes are broken. */
export function decodeStatusMessage(header: string): string {
  return decodePercent(header);
}
