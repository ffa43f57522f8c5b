import type { IncomingHttpHeaders } from 'node:http';
import { describeThrown, messageOf } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import { answerWith, refused, RET, type Answer } from './answer.ts';
import { endpointsOf, type Endpoint, type EndpointOptions } from './endpoints.ts';
import { Malformed } from './identity.ts';
import { parseJson } from '../base/json.ts';

/** A request for one of the paths; its type is that of companions of the framework. */
export interface PluginRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | undefined;
  readonly problem: { readonly status: number; readonly message: string } | undefined;
}

/** What a plugin is made of. */
export interface PluginOptions extends EndpointOptions {
  /** In production nobody is told what a hook threw. */
  readonly production: boolean;
  readonly log: Log;
}

/** The side of a plugin that the platform asks. */
export interface Plugin {
  readonly paths: readonly string[];
  readonly answer: (request: PluginRequest) => Promise<Answer>;
}

/** Makes the endpoints of Keel's proposal, and those that tkeel 0.1.0 has beside them in its dialect. */
export function createPlugin(options: PluginOptions): Plugin {
  const endpoints = endpointsOf(options);
  return {
    paths: [...endpoints.keys()],
    async answer(request) {
      const endpoint = endpoints.get(request.path);
      const answer = endpoint === undefined ? notFound() : await ask(endpoint, request, options);
      const { authorization } = request.headers;
      return authorization === undefined ? answer : { ...answer, headers: { ...answer.headers, authorization } };
    },
  };
}

function notFound(): Answer {
  return answerWith(refused('no such endpoint'), {}, 404);
}

/**
 * The status is that of tkeel 0.1.0, where it is 200 whatever `ret` says, but for what never reaches a handler or makes it
 * fail: https://github.com/tkeel-io/tkeel/blob/v0.1.0/pkg/openapi/common.go
 */
async function ask(
  { method, handle }: Endpoint,
  { method: used, body, problem }: PluginRequest,
  { production, log }: PluginOptions,
): Promise<Answer> {
  if (used !== method) return answerWith(refused(`the method is ${method}`), {}, 405, { allow: method });
  if (problem !== undefined) return answerWith(refused(problem.message), {}, problem.status);
  let value: unknown;
  if (method === 'POST') {
    if (body === undefined || body.length === 0) return answerWith(refused('content cannot be empty'), {}, 400);
    value = parseJson(body.toString());
    if (value === undefined) return answerWith(refused('the body is no JSON'), {}, 500);
  }
  try {
    const { outcome, fields } = await handle(value);
    return answerWith(outcome, fields);
  } catch (error) {
    if (error instanceof Malformed) return answerWith(refused(error.message));
    log.error(describeThrown(error));
    const msg = production ? 'internal error' : messageOf(error);
    return answerWith({ ret: RET.internal, msg }, {}, 500);
  }
}
