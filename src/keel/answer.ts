/** What a plugin answers; its type is that of companions of the framework. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a call ended: 0 is well, anything else is not. */
export interface Outcome {
  readonly ret: number;
  readonly msg: string;
}

/** All is well. */
export const OK: Outcome = { ret: 0, msg: 'ok' };

/** The codes of tkeel 0.1.0. */
export const RET = { badRequest: -400, internal: -500 } as const;

/** A refusal: the caller's fault. */
export function refused(msg: string): Outcome {
  return { ret: RET.badRequest, msg };
}

/** An answer in JSON: `ret` and `msg` come first in every one. */
export function answerWith(
  { ret, msg }: Outcome,
  fields: Readonly<Record<string, unknown>> = {},
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ ret, msg, ...fields }),
  };
}
