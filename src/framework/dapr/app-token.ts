/** Whether a caller's `dapr-api-token` is the one that was agreed on. */
export type Trust = (token: string | string[] | undefined) => boolean;

/** Everyone is trusted where no token is set: https://docs.dapr.io/operations/security/app-api-token/ */
export function trustOf(appToken: string | undefined): Trust {
  if (appToken === undefined) return () => true;
  // oxlint-disable-next-line no-restricted-globals -- loads a part of Node.js that only functions with a token need
  const { createHash, timingSafeEqual } = process.getBuiltinModule('node:crypto');
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(appToken);
  return (token) => typeof token === 'string' && timingSafeEqual(digest(token), expected);
}
