import { FnError } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import { bindRuntime } from '../context/bind-runtime.ts';
import type { OpenFunctionInvocation } from '../context/runtime.ts';
import type { RuntimeServices } from '../context/services.ts';
import type { CloudEvent, CloudEventFunction, CloudEventFunctionWithCallback } from '../functions.ts';
import type { Router } from '../http/router.ts';
import type { NamedFunction } from '../loader.ts';
import type { Platform } from '../platform.ts';
import { callWithCallback } from '../signature/completion.ts';
import type { OpenFunction } from '../signature/openfunction.ts';
import { trustOf, type Trust } from './app-token.ts';
import { makeDeliver, type Deliver, type MessageHandler } from './deliver.ts';
import { routeCallbacks } from './http-callbacks.ts';
import { httpDeliveries } from './http-deliveries.ts';
import { queued } from './queued.ts';
import { triggersOf, type Trigger } from './triggers.ts';
import { makeVerdicts, type Verdicts } from './verdicts.ts';

/** How a function takes messages, by whichever protocol. */
export interface AsyncSide {
  readonly triggers: readonly Trigger[];
  readonly deliver: Deliver;
  readonly verdicts: Verdicts;
  readonly trusts: Trust;
  /** Routes callbacks over HTTP, and everything else to `other`, or to nobody. */
  readonly route: (other: Router | undefined) => Router;
}

/** Makes it out of the function context; OFN-CONTEXT when that can't be served. */
export function createAsyncSide(functions: readonly NamedFunction[], services: RuntimeServices, log: Log): AsyncSide {
  const triggers = triggersOf(services.context);
  const receiver = receiverOf(functions);
  const around = takesEvents(receiver) ? services.aroundOthers : services.around;
  const { concurrency } = receiver.options;
  const each = makeDeliver(handlerOf(receiver, log), bindRuntime(services), log, around);
  const deliver = concurrency === undefined ? each : queued(each, concurrency);
  const verdicts = makeVerdicts(services.platform);
  const trusts = trustOf(services.platform.appToken);
  const deliveries = httpDeliveries(deliver, verdicts);
  return {
    triggers,
    deliver,
    verdicts,
    trusts,
    route: (other) => routeCallbacks({ triggers, deliveries, trusts, other }),
  };
}

/** What a function says that takes no messages. */
export function withoutMessages(platform: Platform): Omit<AsyncSide, 'route'> {
  return {
    triggers: [],
    deliver: async () => ({ verdict: 'DROP' }),
    verdicts: makeVerdicts(platform),
    trusts: trustOf(platform.appToken),
  };
}

/** The function that gets the messages: the only one, or the only one that is made for them. */
function receiverOf(functions: readonly NamedFunction[]): NamedFunction {
  const made = functions.filter(({ signatureType }) => ['openfunction', 'cloudevent'].includes(signatureType));
  const [receiver, second] = functions.length === 1 ? functions : made;
  if (receiver !== undefined && second === undefined) return receiver;
  const names = functions.map(({ name }) => name).join(', ');
  throw new FnError(`Couldn't tell which function gets the messages: ${names}.`, {
    code: 'OFN-CONTEXT',
    hint: 'Name one with FUNCTION_TARGET, or declare exactly one of them with openfunction() or cloudEvent().',
  });
}

function takesEvents(fn: NamedFunction): fn is NamedFunction & { readonly signatureType: 'cloudevent' } {
  return fn.declared && fn.signatureType === 'cloudevent';
}

/** Functions get context and data, whatever their signature type says, unless they are declared to take CloudEvents. */
function handlerOf(fn: NamedFunction, log: Log): MessageHandler {
  if (takesEvents(fn)) return eventHandler(fn.handler, log);
  if (fn.declared && fn.signatureType !== 'openfunction') {
    log.warn(`The function "${fn.name}" is declared as ${fn.signatureType}, but gets messages: as (ctx, data).`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract of the asynchronous runtime
  const handler = (fn.signatureType === 'typed' ? fn.handler.handler : fn.handler) as OpenFunction;
  return { dataOf: ({ data }) => data, call: (ctx) => handler(ctx, ctx.data) };
}

function eventHandler(handler: CloudEventFunction | CloudEventFunctionWithCallback, log: Log): MessageHandler {
  return {
    dataOf: ({ cloudEvent }) => cloudEvent,
    call: (ctx) =>
      handler.length > 1
        ? callWithCallback((callback) => handler(eventOf(ctx), callback), log)
        : handler(eventOf(ctx), () => {}),
  };
}

/** What `dataOf` has given, or a plugin in its place. */
function eventOf({ data }: OpenFunctionInvocation): CloudEvent {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return data as CloudEvent;
}
