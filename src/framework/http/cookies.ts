import { libraries } from './libraries.ts';
import type { CookieOptions, CookieValue } from './types.ts';

/** A Set-Cookie header as Express 4 writes it; signed cookies need the secret that cookie-parser puts on the request. */
export function serializeCookie(name: string, value: CookieValue, options: CookieOptions, secret?: string): string {
  const { maxAge, path, signed, expires, ...rest } = options;
  const text = typeof value === 'object' ? `j:${JSON.stringify(value)}` : String(value);
  if (signed === true && secret === undefined) throw new Error('cookieParser("secret") required for signed cookies');
  const age = maxAge === undefined || maxAge === null || Number.isNaN(maxAge) ? undefined : maxAge;
  const until = age === undefined ? expires : new Date(Date.now() + age);
  return libraries.cookie().serialize(name, signed === true && secret !== undefined ? sign(text, secret) : text, {
    ...rest,
    path: path ?? '/',
    ...(until === undefined ? {} : { expires: until }),
    ...(age === undefined ? {} : { maxAge: Math.floor(age / 1000) }),
  });
}

function sign(text: string, secret: string): string {
  // oxlint-disable-next-line no-restricted-globals -- loads a part of Node.js that only signed cookies need
  const { createHmac } = process.getBuiltinModule('node:crypto');
  return `s:${text}.${createHmac('sha256', secret).update(text).digest('base64').replace(/=+$/, '')}`;
}
