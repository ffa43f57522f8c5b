import { messageOf } from '../../base/error.ts';
import type { InvocationFormat, InvocationRequest, InvocationResponse } from '../functions.ts';
import { mediaTypeOf } from '../http/content-type.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { answerFailure, type FailurePolicy } from '../http/failure.ts';
import type { Request, Response } from '../http/types.ts';
import type { FunctionOf, SignatureOptions } from './endpoint-of.ts';

/** The format of typed functions that name none: JSON in, JSON out. */
export class JsonInvocationFormat<T = unknown, U = unknown> implements InvocationFormat<T, U> {
  deserializeRequest(request: InvocationRequest): T {
    const body = request.body();
    if (typeof body !== 'string') throw new Error('Unsupported Content-Type, expected application/json');
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function's own type, which JSON has no word for
      return JSON.parse(body) as T;
    } catch (error) {
      throw new Error(`Failed to parse malformatted JSON in request: ${messageOf(error)}`, { cause: error });
    }
  }

  serializeResponse(response: InvocationResponse, value: U): void {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(value));
  }
}

/** An endpoint for functions from a value to a value. */
export function typedEndpoint(
  { name, handler: { handler, format = new JsonInvocationFormat() } }: FunctionOf<'typed'>,
  { run, ...policy }: FailurePolicy & Pick<SignatureOptions, 'run'>,
): Endpoint {
  return {
    name,
    body: 'bytes',
    postOnly: true,
    ignoresBrowsers: false,
    failure: 'crash',
    async invoke(req, res) {
      let value: unknown;
      try {
        value = await format.deserializeRequest(requestOf(req));
      } catch (error) {
        answerFailure(res, error, { code: 400, status: 'crash' }, policy);
        return;
      }
      await format.serializeResponse(responseOf(res), await run(req, res, value, handler));
    },
  };
}

function requestOf(req: Request): InvocationRequest {
  const media = mediaTypeOf(req.headers['content-type']);
  const isText = media === 'application/json' || media.endsWith('+json') || media.startsWith('text/');
  return {
    body: () => {
      const bytes = req.rawBody ?? Buffer.alloc(0);
      return isText ? bytes.toString() : bytes;
    },
    header: (name) => req.get(name),
  };
}

function responseOf(res: Response): InvocationResponse {
  return {
    setHeader: (name, value) => void res.setHeader(name, value),
    write: (data) => void res.write(data),
    end: (data) => void res.end(data),
  };
}
