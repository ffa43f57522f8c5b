import { messageOf } from '../../base/error.ts';
import { isTable } from '../../base/table.ts';
import { textOf } from '../table.ts';
import { ApiError, malformed } from './api-error.ts';
import { jsonAnswer, jsonBody, NO_CONTENT, type ApiAnswer, type ApiRoute } from './api.ts';

/** What was sent to an output binding. */
export interface BindingCall {
  readonly binding: string;
  /** Such as `create`. */
  readonly operation: string;
  /** Undefined when nothing was sent. */
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Stands for what is behind an output binding: what it returns is the answer, in JSON. An error that it throws is the
 * binding's, answered with the error's `status`, or 500, which is all that Dapr itself knows.
 */
export type BindingHandler = (call: BindingCall) => unknown;

/** https://docs.dapr.io/reference/api/bindings_api/#invoking-output-bindings; calls are put to the end of `calls`. */
export function bindingRoutes(
  names: ReadonlySet<string>,
  handlers: Readonly<Record<string, BindingHandler>>,
  calls: BindingCall[],
): ApiRoute[] {
  return [
    {
      methods: 'POST PUT',
      path: /^\/v1\.0\/bindings\/([^/]+)$/,
      async handle(request, [binding = '']) {
        const body = jsonBody(request);
        if (!isTable(body)) throw malformed('it is no JSON object');
        const { operation, data } = body;
        const metadata = isTable(body['metadata']) ? body['metadata'] : {};
        const texts = Object.entries(metadata).map(([name, value]) => [name, textOf(value)] as const);
        const call = { binding, operation: textOf(operation), data, metadata: Object.fromEntries(texts) };
        checkCall(call, names);
        calls.push(call);
        return answerOf(call, handlers[binding]);
      },
    },
  ];
}

function checkCall({ binding, operation }: BindingCall, names: ReadonlySet<string>): void {
  if (operation === '') throw failure(binding, 'operation field is missing from request');
  if (!names.has(binding)) throw failure(binding, `couldn't find output binding ${binding}`);
}

async function answerOf(call: BindingCall, handler: BindingHandler | undefined): Promise<ApiAnswer> {
  try {
    const value = await handler?.(call);
    return value === undefined ? NO_CONTENT : jsonAnswer(value);
  } catch (error) {
    const status = isStatus(error) ? error.status : 500;
    throw failure(call.binding, messageOf(error), status);
  }
}

function isStatus(error: unknown): error is { readonly status: number } {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number';
}

function failure(binding: string, why: string, status = 500): ApiError {
  return new ApiError(status, 'ERR_INVOKE_OUTPUT_BINDING', `error invoking output binding ${binding}: ${why}`);
}
