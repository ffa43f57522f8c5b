import { mediaTypeOf } from '../http/content-type.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { pathOf } from '../http/query.ts';
import type { Router } from '../http/router.ts';
import type { Request, Response } from '../http/types.ts';
import { decodePercent } from '../percent.ts';
import type { Trust } from './app-token.ts';
import { sendJson, sendStatus } from './http-answer.ts';
import type { HttpDeliveries } from './http-deliveries.ts';
import { subscriptionDocument } from './subscriptions.ts';
import type { BindingTrigger, TopicTriggers, Trigger } from './triggers.ts';

/** What takes callbacks over HTTP. */
export interface HttpCallbackOptions {
  readonly triggers: readonly Trigger[];
  readonly deliveries: HttpDeliveries;
  readonly trusts: Trust;
  /** Where everything else goes; undefined when the function takes messages alone. */
  readonly other: Router | undefined;
}

/** Takes a delivery, or answers by itself. */
type Callback = Endpoint | ((res: Response) => void);

interface Path {
  readonly endpoint: Endpoint;
  readonly isBinding: boolean;
  /** Only the proxy and Go use it, so that something else may be meant. */
  readonly isAlias: boolean;
}

const CLOUD_EVENT = 'application/cloudevents+json';

/**
 * Routes the sidecar's callbacks: https://docs.dapr.io/reference/api/pubsub_api/ and
 * https://docs.dapr.io/reference/api/bindings_api/
 */
export function routeCallbacks({ triggers, deliveries, trusts, other }: HttpCallbackOptions): Router {
  const documents = new Map([
    ['/dapr/subscribe', answerOf(subscriptionDocument(triggers.filter((trigger) => trigger.kind === 'topic')))],
    ['/dapr/config', answerOf('{}')],
  ]);
  const paths = pathsOf(triggers, deliveries);
  const find = (path: string): Path | undefined => paths.get(path) ?? paths.get(decodePercent(path));
  const probed = (path: string) => (res: Response) => sendStatus(res, find(path)?.isBinding === true ? 200 : 404);
  const callbackOf = (req: Request, path: string): Callback | undefined => {
    if (req.method === 'GET') return documents.get(path);
    if (req.method === 'OPTIONS') return isProbe(req) ? probed(path) : undefined;
    const found = req.method === 'POST' ? find(path) : undefined;
    return found?.isAlias === true && other !== undefined && !isCloudEvent(req) ? undefined : found?.endpoint;
  };
  return (req, res) => {
    const callback = callbackOf(req, pathOf(req.url));
    if (callback === undefined) return pass(req, res, other);
    if (!trusts(req.headers['dapr-api-token'])) sendStatus(res, 401);
    else if (typeof callback === 'object') return callback;
    else callback(res);
    return undefined;
  };
}

function answerOf(document: string): (res: Response) => void {
  return (res) => sendJson(res, document);
}

/** Browsers and senders of CloudEvents ask whether they may call; the sidecar asks whether it is listened to. */
function isProbe({ headers }: Request): boolean {
  return headers.origin === undefined && headers['webhook-request-origin'] === undefined;
}

function pass(req: Request, res: Response, other: Router | undefined): Endpoint | undefined {
  if (other !== undefined) return other(req, res);
  sendStatus(res, 404);
  return undefined;
}

function isCloudEvent(req: Request): boolean {
  return mediaTypeOf(req.headers['content-type']) === CLOUD_EVENT;
}

function pathsOf(triggers: readonly Trigger[], deliveries: HttpDeliveries): Map<string, Path> {
  const bindings = new Map<string, BindingTrigger>();
  const topics = new Map<string, TopicTriggers>();
  for (const trigger of triggers) {
    for (const path of trigger.paths) {
      const same = topics.get(path);
      if (trigger.kind === 'binding') bindings.set(path, trigger);
      else topics.set(path, same === undefined ? [trigger] : [...same, trigger]);
    }
  }
  const routes = new Set(triggers.map((trigger) => (trigger.kind === 'topic' ? decodePercent(trigger.route) : '')));
  const all = [...new Set([...bindings.keys(), ...topics.keys()])];
  return new Map(
    all.map((path) => {
      const binding = bindings.get(path);
      const isAlias = binding === undefined && !routes.has(decodePercent(path));
      const endpoint = endpointAt(binding, topics.get(path), deliveries);
      return [path, { endpoint, isBinding: binding !== undefined, isAlias }];
    }),
  );
}

/** A path that a binding and a topic share gets both; the messages of topics are CloudEvents. */
function endpointAt(
  binding: BindingTrigger | undefined,
  topics: TopicTriggers | undefined,
  deliveries: HttpDeliveries,
): Endpoint {
  return {
    name: binding?.inputName ?? topics?.[0].inputName ?? '',
    body: 'bytes',
    postOnly: true,
    ignoresBrowsers: false,
    failure: 'error',
    invoke(req, res) {
      const isTopic = binding === undefined || isCloudEvent(req);
      if (topics !== undefined && isTopic) return deliveries.topic(req, res, topics);
      return binding === undefined ? undefined : deliveries.binding(req, res, binding);
    },
  };
}
