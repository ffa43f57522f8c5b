/** Whether an outcome says that a failed message is to be delivered again. */
export interface FailOptions {
  readonly retry?: boolean;
}

const BRAND = Symbol.for('openfunction.functions-framework.out');

/**
 * An outcome as a value: `return ctx.success(data)` or `return ctx.fail(error, { retry: false })`. The capital letters are
 * those of OpenFunction's Go framework.
 */
export class Out {
  /** 200 for success, 500 for failure, or a status of HTTP. */
  code: number;
  data: unknown;
  /** What failed. */
  error: unknown;
  /** `retry` is `true` or `false`; without it the runtime's default counts. */
  metadata: Record<string, string> = {};

  constructor(code: number, data?: unknown, error?: unknown) {
    this.code = code;
    this.data = data;
    this.error = error;
  }

  GetOut(): this {
    return this;
  }

  GetCode(): number {
    return this.code;
  }

  GetData(): unknown {
    return this.data;
  }

  GetMetadata(): Record<string, string> {
    return this.metadata;
  }

  WithCode(code: number): this {
    this.code = code;
    return this;
  }

  WithData(data: unknown): this {
    this.data = data;
    return this;
  }
}
Object.defineProperty(Out.prototype, BRAND, { value: true });

/** Whether a value is one, of whichever copy of this framework. */
export function isOut(value: unknown): value is Out {
  return typeof value === 'object' && value !== null && BRAND in value;
}
