/**
 * A call that Dapr's API refuses. Codes, messages and statuses are those of
 * https://github.com/dapr/dapr/blob/v1.16.5/pkg/messages/predefined.go and of its folder pkg/api/errors.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of HTTP. */
  readonly status: number;
  /** Such as ERR_PUBSUB_NOT_FOUND. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A body that is not what the API wants. */
export function malformed(why: string): ApiError {
  return new ApiError(400, 'ERR_MALFORMED_REQUEST', `failed deserializing HTTP body: ${why}`);
}
