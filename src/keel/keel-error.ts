import { FnError, type ErrorCode } from '../base/error.ts';

/** What a failed call carries beside its message. */
export interface KeelErrorFields {
  readonly code: Extract<ErrorCode, 'OFN-KEEL-CALL' | 'OFN-KEEL-TOKEN'>;
  readonly hint: string;
  /** The status of HTTP; undefined when no call was made. */
  readonly status?: number | undefined;
  /** What the other side said; undefined when it said none. */
  readonly ret?: number | undefined;
  readonly msg?: string | undefined;
}

/** A call through Keel that failed: anything but 200 and a `ret` of 0. */
export class KeelError extends FnError {
  readonly status: number | undefined;
  readonly ret: number | undefined;
  readonly msg: string | undefined;

  constructor(message: string, { status, ret, msg, ...fields }: KeelErrorFields) {
    super(message, fields);
    this.name = 'KeelError';
    this.status = status;
    this.ret = ret;
    this.msg = msg;
  }
}
