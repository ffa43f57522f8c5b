import { readVariables } from './build-request.ts';
import type { Terminal } from './terminal.ts';

/** `ofn env`: prints variables of a build as the one variable that every platform hands on as it is. */
export function printEncoded(words: readonly string[], terminal: Terminal): number {
  const encoded = Buffer.from(JSON.stringify(readVariables(words))).toString('base64url');
  terminal.stdout.write(`FUNC_ENV_B64URL=${encoded}\n`);
  return 0;
}
