import type { Arguments } from '../../plugin.ts';
import type { OpenFunctionConf } from './conf.ts';

/**
 * The path and the query that a function is called with. `rest` is what the `*` of the route stands for, undefined where
 * it has none.
 */
export function targetOf(
  address: URL,
  { isStrict }: OpenFunctionConf,
  rest: string | undefined,
  args: Arguments,
): string {
  const path = rest === undefined ? address.pathname : join(address.pathname, isStrict ? rest : encodePath(rest));
  const query = queryOf(args);
  // APISIX drops the query of the address, and leaves the mark of an empty one.
  if (isStrict) return `${path}?${query}`;
  const both = [address.search.slice(1), query].filter((part) => part !== '').join('&');
  return both === '' ? path : `${path}?${both}`;
}

/** What of a path is behind the route's own part of it; undefined when that is nothing. */
export function restBehind(prefix: string, path: string): string | undefined {
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
}

function join(path: string, rest: string): string {
  return path.endsWith('/') || rest.startsWith('/') ? `${path}${rest}` : `${path}/${rest}`;
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function queryOf(args: Arguments): string {
  const parts = [...args.entries()].map(([name, value]) =>
    value === null ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  return parts.join('&');
}
