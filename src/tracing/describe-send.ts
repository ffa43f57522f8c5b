import type { OpenFunctionComponent } from '../framework/context/types.ts';
import type { SidecarCall } from '../framework/dapr/sidecar.ts';
import { decodePercent } from '../framework/percent.ts';
import type { Attributes, SpanStart } from './instrument.ts';

/** What a call of the sidecar is, by its path: https://docs.dapr.io/reference/api/ */
const KINDS: readonly [RegExp, (parts: readonly string[], call: SidecarCall) => SpanStart][] = [
  [/^\/v1\.0\/publish\/([^/?]+)\/([^/?]+)/, publishing],
  [/^\/v1\.0\/bindings\/([^/?]+)/, bindingCall],
  [/^\/v1\.0\/invoke\/([^/?]+)\/method\/([^?]*)/, invocation],
  [/^\/v1\.0(?:-alpha1)?\/state\/([^/?]+)/, stateCall],
];

/** The span of a call of the sidecar. */
export function describeSend(call: SidecarCall): SpanStart {
  for (const [pattern, describe] of KINDS) {
    const match = pattern.exec(call.path);
    if (match !== null) return describe(match.slice(1).map(decodePercent), call);
  }
  const path = call.path.replace(/\?.*$/, '');
  const attributes = (): Attributes => ({ 'http.request.method': call.method, 'url.path': path });
  return { name: `${call.method} ${path}`, kind: 'client', attributes, peer: 'dapr' };
}

/** The span of what is sent to an output in an envelope. */
export function describeOutput({
  componentType,
  componentName,
  uri = componentName,
}: OpenFunctionComponent): SpanStart {
  return componentType.startsWith('pubsub') ? publishing([componentName, uri]) : bindingCall([componentName]);
}

function publishing([component = '', topic = '']: readonly string[]): SpanStart {
  const attributes = (): Attributes => ({
    ...componentOf('pubsub', component),
    ...messagingOf('send', topic),
  });
  return { name: `send ${topic}`, kind: 'producer', attributes, peer: topic };
}

function bindingCall([component = '']: readonly string[]): SpanStart {
  const attributes = (): Attributes => ({
    ...componentOf('bindings', component),
    ...messagingOf('send', component),
  });
  return { name: `send ${component}`, kind: 'producer', attributes, peer: component };
}

function invocation([appId = '', method = '']: readonly string[], { method: verb }: SidecarCall): SpanStart {
  const attributes = (): Attributes => ({
    'faas.invoked_name': appId,
    'peer.service': appId,
    'http.request.method': verb,
    'url.path': `/${method}`,
  });
  return { name: `${verb} ${appId}/${method}`, kind: 'client', attributes, peer: appId };
}

function stateCall([store = '']: readonly string[], { method }: SidecarCall): SpanStart {
  const attributes = (): Attributes => ({ ...componentOf('state', store), 'http.request.method': method });
  return { name: `${method} ${store}`, kind: 'client', attributes, peer: store };
}

function componentOf(type: string, name: string): Attributes {
  return { 'component.type': type, 'component.name': name };
}

/** https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function messagingOf(operation: string, destination: string): Attributes {
  return {
    'messaging.system': 'dapr',
    'messaging.operation.type': operation,
    'messaging.operation.name': operation,
    'messaging.destination.name': destination,
  };
}
