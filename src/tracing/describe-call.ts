import type { OpenFunctionInvocation } from '../framework/context/runtime.ts';
import { carrierOf, type Carrier } from '../framework/dapr/carrier.ts';
import type { Message } from '../framework/dapr/message.ts';
import type { Request } from '../framework/http/types.ts';
import type { Attributes, SpanStart } from './instrument.ts';

/** Makes the spans of calls: one each, with the name of the function. `common` is said of all of them. */
export function describeCalls(fallbackName: string, common: Attributes): (ctx: OpenFunctionInvocation) => SpanStart {
  let isCold = true;
  return (ctx) => {
    const { message, req } = ctx;
    const name = ctx.services.functionName;
    const coldstart = isCold;
    isCold = false;
    const own = (): Attributes => ({
      'faas.name': name || fallbackName,
      'faas.coldstart': coldstart,
      runtime: ctx.runtime,
      ...(message === undefined ? {} : ofMessage(message)),
      ...(req === undefined ? {} : ofRequest(req)),
      ...common,
    });
    const kind = message === undefined ? 'server' : 'consumer';
    return { name: name || fallbackName, kind, attributes: own, carrier: message?.carrier ?? carrierOfRequest(req) };
  };
}

/** Events that come in binary mode have their attributes as headers. */
function carrierOfRequest(req: Request | undefined): Carrier | undefined {
  if (req === undefined) return undefined;
  const find = carrierOf(req.headers);
  return (name) => find(name) ?? find(`ce-${name}`);
}

/** https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span */
function ofRequest(req: Request): Attributes {
  return {
    'faas.trigger': 'http',
    'faas.invocation_id': req.executionId,
    'http.request.method': req.method,
    'url.path': req.path,
    'url.scheme': req.protocol,
    'server.address': req.hostname,
    'user_agent.original': req.get('user-agent'),
    'network.protocol.version': req.httpVersion,
  };
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function ofMessage({ bindingEvent, topicEvent, inputName, id }: Message): Attributes {
  const isTopic = bindingEvent === undefined;
  return {
    'faas.trigger': isTopic ? 'pubsub' : 'other',
    'component.type': isTopic ? 'pubsub' : 'bindings',
    'component.name': isTopic ? topicEvent?.pubsubName : bindingEvent.name,
    'openfunction.input': inputName,
    'messaging.system': 'dapr',
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
    'messaging.destination.name': isTopic ? topicEvent?.topic : bindingEvent.name,
    'messaging.message.id': isTopic ? id : undefined,
  };
}
