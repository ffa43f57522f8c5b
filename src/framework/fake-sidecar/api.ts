import type { IncomingHttpHeaders } from 'node:http';
import { messageOf } from '../../base/error.ts';
import { malformed } from './api-error.ts';

/** A call of Dapr's HTTP API: https://docs.dapr.io/reference/api/ */
export interface ApiRequest {
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What is answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** A part of the API; `names` are the decoded groups of `path`. What it throws as an ApiError is the answer. */
export interface ApiRoute {
  /** With spaces between. */
  readonly methods: string;
  readonly path: RegExp;
  readonly handle: (request: ApiRequest, names: readonly string[]) => ApiAnswer | Promise<ApiAnswer>;
}

/** Success without a body. */
export const NO_CONTENT: ApiAnswer = { status: 204 };

/** An answer in JSON. */
export function jsonAnswer(value: unknown, status = 200): ApiAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The body as JSON; ERR_MALFORMED_REQUEST when it is none. */
export function jsonBody({ body }: ApiRequest): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw malformed(messageOf(error));
  }
}

/** Metadata in the query: `metadata.<name>=<value>`. */
export function metadataOf({ query }: Pick<ApiRequest, 'query'>): Record<string, string> {
  const prefix = 'metadata.';
  const pairs = [...query].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(pairs.map(([name, value]) => [name.slice(prefix.length), value]));
}
