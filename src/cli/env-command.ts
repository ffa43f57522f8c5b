import { FnError } from '../base/error.ts';
import { canBeEncoded } from '../base/variable-name.ts';
import { readVariables } from './build-request.ts';
import type { Terminal } from './terminal.ts';

/** `ofn env`: prints variables of a build as the one variable that every platform hands on as it is. */
export function printEncoded(words: readonly string[], terminal: Terminal): number {
  const variables = readVariables(words);
  const refused = Object.keys(variables).find((name) => !canBeEncoded(name));
  if (refused !== undefined) {
    throw new FnError(`Couldn't encode the variables: FUNC_ENV_B64URL can't hold ${refused}.`, {
      code: 'OFN-CLI-ARGUMENT',
      hint: `Leave ${refused} out: it is the lifecycle's or the machine's to set.`,
    });
  }
  const encoded = Buffer.from(JSON.stringify(variables)).toString('base64url');
  terminal.stdout.write(`FUNC_ENV_B64URL=${encoded}\n`);
  return 0;
}
