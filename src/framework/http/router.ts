import { notFound } from './error-page.ts';
import type { Endpoint } from './endpoint.ts';
import type { Request, Response } from './types.ts';

/** Finds the endpoint of a request; undefined when the request has been answered because there is none. */
export type Router = (req: Request, res: Response) => Endpoint | undefined;

/** Sends every request to one endpoint. */
export function routeAll(endpoint: Endpoint): Router {
  if (!endpoint.postOnly) return () => endpoint;
  return (req, res) => {
    if (req.method === 'POST') return endpoint;
    refuseMethod(req, res);
    return undefined;
  };
}

/**
 * Functions of events take POST alone. OPTIONS tells so, and answers the validation handshake of webhooks:
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
 */
export function refuseMethod(req: Request, res: Response): void {
  if (req.method !== 'OPTIONS') {
    notFound(req, res);
    return;
  }
  const origin = req.get('webhook-request-origin');
  if (origin !== undefined) res.set({ 'WebHook-Allowed-Origin': origin, 'WebHook-Allowed-Rate': '*' });
  res.set('Allow', 'POST').send('POST');
}
