import type { IncomingMessage } from 'node:http';

/** The addresses a request came through, nearest first, as X-Forwarded-For and the connection tell them. */
export function addressesOf(req: IncomingMessage): (string | undefined)[] {
  const header = req.headers['x-forwarded-for'];
  const addresses: (string | undefined)[] = [req.socket.remoteAddress];
  if (typeof header === 'string') {
    for (const address of header.split(',').toReversed()) addresses.push(address.trim());
  }
  return addresses;
}

/** The protocol the client used: the first of X-Forwarded-Proto, or that of the connection. */
export function protocolOf(req: IncomingMessage): string {
  const header = req.headers['x-forwarded-proto'];
  return typeof header === 'string' ? firstOf(header) : 'http';
}

/** The host the client asked for, with its port: the first of X-Forwarded-Host, or the request's own. */
export function hostOf(req: IncomingMessage): string | undefined {
  const forwarded = req.headers['x-forwarded-host'];
  const host = typeof forwarded === 'string' ? firstOf(forwarded) : req.headers.host;
  if (host !== undefined && host !== '') return host;
  const authority = req.headers[':authority'];
  return typeof authority === 'string' ? authority : undefined;
}

/** A host without its port; IPv6 addresses keep their brackets. */
export function withoutPort(host: string): string {
  const start = host.startsWith('[') ? host.indexOf(']') + 1 : 0;
  const colon = host.indexOf(':', start);
  return colon === -1 ? host : host.slice(0, colon);
}

function firstOf(list: string): string {
  const comma = list.indexOf(',');
  return (comma === -1 ? list : list.slice(0, comma)).trim();
}
