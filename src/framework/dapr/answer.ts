import { isTable } from '../../base/table.ts';
import { textOf } from '../table.ts';
import type { SidecarAnswer } from './sidecar.ts';

/**
 * The sidecar refused a call, or a component behind it did. The message is JSON with `error`, `error_msg` and `status`, as
 * Dapr's own SDK has it: https://docs.dapr.io/reference/errors/
 */
export class DaprError extends Error {
  override readonly name = 'DaprError';
  /** Dapr's own code, such as ERR_PUBSUB_NOT_FOUND. */
  readonly code: string;
  /** The HTTP status. */
  readonly status: number;

  constructor({ status, body }: SidecarAnswer) {
    const parsed = parseJson(body);
    const fields = isTable(parsed) ? parsed : {};
    const code = textOf(fields['errorCode']) || textOf(fields['error']) || 'UNKNOWN';
    const text = textOf(fields['message']) || textOf(fields['error_msg']) || body.toString();
    super(JSON.stringify({ error: code, error_msg: text, status }));
    this.code = code;
    this.status = status;
  }
}

/** Passes a 2xx on; anything else is a DaprError. */
export function accepted(answer: SidecarAnswer): SidecarAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new DaprError(answer);
}

/** JSON where a body is that, else its text where it is text, else its bytes; undefined when it is empty. */
export function valueOf({ body }: SidecarAnswer): unknown {
  return body.length === 0 ? undefined : decodeBytes(body);
}

/** JSON where bytes are that, else their text where they are UTF-8, else the bytes themselves. */
export function decodeBytes(bytes: Buffer): unknown {
  const text = bytes.toString();
  if (text.includes('\uFFFD') && !bytes.equals(Buffer.from(text))) return bytes;
  const parsed = parseText(text);
  return parsed === undefined ? text : parsed;
}

/** What JSON may begin with; looking is much cheaper than a parser that throws. */
const JSON_START = /^[\t\n\r ]*["[{\-0-9tfn]/;

/** Undefined when bytes are no JSON. */
export function parseJson(bytes: Buffer): unknown {
  return parseText(bytes.toString());
}

function parseText(text: string): unknown {
  if (!JSON_START.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
