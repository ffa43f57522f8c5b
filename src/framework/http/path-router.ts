import type { Endpoint } from './endpoint.ts';
import { notFound, sendErrorPage } from './error-page.ts';
import { decodePercent } from '../percent.ts';
import { pathOf } from './query.ts';
import { refuseMethod, type Router } from './router.ts';

/** Where an endpoint is found. */
export interface Route {
  readonly endpoint: Endpoint;
  /** Segments, `:name` or `{name}` for parameters, `*` at the end for anything below. */
  readonly path: string;
  /** Methods in capital letters; any when left out. */
  readonly methods?: readonly string[] | undefined;
}

/** Sends each request to the first route with its path and method. */
export function routeByPath(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ ...route, ...compile(route.path) }));
  return (req, res) => {
    const path = pathOf(req.url);
    const matching = compiled.flatMap((route) => {
      const match = route.pattern.exec(path);
      return match === null ? [] : [{ route, match }];
    });
    const found = matching.find(({ route }) => accepts(route, req.method));
    if (found !== undefined) {
      req.params = paramsOf(found.route.names, found.match);
      req.route = { path: found.route.path };
      return found.route.endpoint;
    }
    const allowed = new Set(matching.flatMap(({ route }) => methodsOf(route)));
    if (matching.length === 0) notFound(req, res);
    else if (matching.every(({ route }) => route.methods === undefined)) refuseMethod(req, res);
    else sendErrorPage(req, res, 405, undefined, { Allow: [...allowed].join(', ') });
    return undefined;
  };
}

function accepts({ endpoint, methods }: Route, method: string): boolean {
  if (endpoint.postOnly && method !== 'POST') return false;
  return methods === undefined || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'));
}

function methodsOf({ endpoint, methods }: Route): readonly string[] {
  return endpoint.postOnly ? ['POST'] : (methods ?? []);
}

/** Tells whether a path is one of a route's. */
export function matcherOf(route: string): (path: string) => boolean {
  const { pattern } = compile(route);
  return (path) => pattern.test(path);
}

interface Compiled {
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

function compile(path: string): Compiled {
  const names: string[] = [];
  const source = path
    .replace(/\/+$/, '')
    .split('/')
    .map((segment) => {
      const name = /^(?::(\w+)|\{(\w+)\})$/.exec(segment);
      if (name !== null) {
        names.push(name[1] ?? name[2] ?? '');
        return '([^/]+)';
      }
      if (segment !== '*') return segment.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
      names.push('0');
      return '(.*)';
    })
    .join('/');
  return { pattern: new RegExp(`^${source}/?$`), names };
}

function paramsOf(names: readonly string[], match: RegExpExecArray): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, decodePercent(match[index + 1] ?? '')]));
}
