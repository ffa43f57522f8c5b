import type { Interceptor } from './exchange.ts';
import { pathOf } from './query.ts';

/** What browsers and crawlers ask for on their own. */
export const BROWSER_ROUTES: readonly string[] = ['/favicon.ico', '/robots.txt'];

/** Answers paths, and all below them, with an empty 404; no function is called. */
export function ignoreRoutes(routes: readonly string[]): Interceptor {
  const prefixes = routes.map((route) => route.replace(/\/+$/, '').toLowerCase());
  return (req, res) => {
    const path = pathOf(req.url).toLowerCase();
    if (!prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) return false;
    res.writeHead(404, { 'Content-Length': '0' }).end();
    return true;
  };
}
