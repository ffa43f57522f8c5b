import { isOut } from '../framework/context/out.ts';
import type { OpenFunctionInvocation } from '../framework/context/runtime.ts';
import type { SidecarAnswer, SidecarCall } from '../framework/dapr/sidecar.ts';
import { isThenable } from '../framework/http/exchange.ts';
import type { Response } from '../framework/http/types.ts';
import { isHookAbort } from '../framework/plugin/hook-abort.ts';
import type { Tracer } from '../framework/tracer.ts';
import { describeSend } from './describe-send.ts';
import { isHeaderValue, isToken } from './header.ts';
import type { Instrument, OpenSpan, SpanStart } from './instrument.ts';

/** What a tracer is made of. */
export interface TracerParts {
  readonly instrument: Instrument;
  readonly describeCall: (ctx: OpenFunctionInvocation) => SpanStart;
  /** Makes a call of the sidecar carry a trace; headers alone when it is left out. */
  readonly address?: (call: SidecarCall, headers: Readonly<Record<string, string>>) => SidecarCall;
  readonly innerMetadata?: NonNullable<Tracer['innerMetadata']>;
  /** A span that has been begun for the send that comes next. */
  readonly prepared?: (call: SidecarCall) => OpenSpan | undefined;
}

/**
 * Makes the tracer of a process. Nothing that is traced waits for it: promises are watched from the side, and the span of a
 * request ends once its answer is gone.
 */
export function makeTracer({ instrument, describeCall, ...parts }: TracerParts): Tracer {
  const { address = withHeaders, prepared = () => undefined, innerMetadata } = parts;
  return {
    around(ctx, call) {
      const span = attempt(() => instrument.begin(describeCall(ctx)));
      if (span === undefined) return call();
      ctx.locals['traceId'] = span.traceId;
      const { res } = ctx;
      if (res !== undefined) endWith(res, span);
      const end = res === undefined ? () => span.end() : () => {};
      return watched(() => instrument.within(span, call), judge(ctx, span, end), failing(span, end));
    },
    hook(_ctx, plugin, hook, run) {
      const attributes = () => ({ 'openfunction.plugin': plugin, 'openfunction.hook': hook });
      const span = attempt(() => instrument.begin({ name: `${hook} ${plugin}`, kind: 'internal', attributes }));
      if (span === undefined) return run();
      const end = (): void => span.end();
      return watched(() => instrument.within(span, run), end, failing(span, end));
    },
    send(call, make) {
      const span = attempt(() => prepared(call) ?? instrument.begin(describeSend(call)));
      if (span === undefined) return make(call);
      const end = (): void => span.end();
      const noteStatus = ({ status }: SidecarAnswer): void => {
        span.set('http.response.status_code', status);
        if (status >= 400) span.fail(`The sidecar answered ${status}.`);
        end();
      };
      return watched(() => make(carrying(call, span, address)), noteStatus, failing(span, end));
    },
    innerMetadata,
    current: () => instrument.current(),
    flush: () => instrument.flush(),
  };
}

/** Does something of tracing, which may be an application's own and is no reason to fail; undefined when it throws. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** Runs code and tells how it ended, without a step between its promise and whoever waits for it. */
function watched<T>(run: () => T, note: (value: Awaited<T>) => void, noteFailure: (error: unknown) => void): T {
  const succeed = (value: Awaited<T>): void => attempt(() => note(value));
  const fail = (error: unknown): void => attempt(() => noteFailure(error));
  let result: T;
  try {
    result = run();
  } catch (error) {
    fail(error);
    throw error;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is no promise is awaited as itself
  if (!isThenable(result)) succeed(result as Awaited<T>);
  else if (result instanceof Promise) void result.then(succeed, fail);
  else return watchedOnce(result, succeed, fail);
  return result;
}

/** What only behaves like a promise may begin its work when it is waited for: that happens once. */
function watchedOnce<T>(
  thenable: PromiseLike<unknown> & T,
  succeed: (value: Awaited<T>) => void,
  fail: (error: unknown) => void,
): T {
  const promise = Promise.resolve(thenable);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the promise gives the same
  void promise.then((value) => succeed(value as Awaited<T>), fail);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever has called waits for it
  return promise as unknown as T;
}

/** A function also says that it failed by what it returns. */
function judge(ctx: OpenFunctionInvocation, span: OpenSpan, end: () => void): (result: unknown) => void {
  return (result) => {
    const out = isOut(result) ? result : ctx.out;
    if (out !== undefined && out.code >= 500) span.fail(out.error ?? `The function failed with ${out.code}.`);
    end();
  };
}

function failing(span: OpenSpan, end: () => void): (error: unknown) => void {
  return (error) => {
    if (!isHookAbort(error) || error.code >= 500) span.fail(error);
    end();
  };
}

/** Streams last as long as their answer. */
function endWith(res: Response, span: OpenSpan): void {
  res.once('close', () => {
    const { statusCode } = res;
    span.set('http.response.status_code', statusCode);
    if (statusCode >= 500) span.fail(`The function answered ${statusCode}.`);
    span.end();
  });
}

/** Whatever a trace has brought along, the call is made. */
function carrying(call: SidecarCall, span: OpenSpan, address: NonNullable<TracerParts['address']>): SidecarCall {
  const addressed = attempt(() => {
    const headers = Object.entries(span.headers()).filter(([name, value]) => isToken(name) && isHeaderValue(value));
    return address(call, Object.fromEntries(headers));
  });
  return addressed ?? call;
}

/** Headers that a function has set itself stay. */
export function withHeaders(call: SidecarCall, headers: Readonly<Record<string, string>>): SidecarCall {
  return { ...call, headers: { ...headers, ...call.headers } };
}
