import { FnError } from '../base/error.ts';

/**
 * Reads the parameter ENV_VARS, which OpenFunction's controller makes of `spec.build.env`: `NAME=value#NAME=value#`; gives
 * `NAME=value` each, a character for a byte. Nothing in a value is lost but "#", which OFN-CONFIG says where it can be seen.
 */
export function readOpenFunctionVariables(text: string): readonly string[] {
  const entries = Buffer.from(text).toString('latin1').split('#');
  if (entries.at(-1) === '') entries.pop();
  for (const [index, entry] of entries.entries()) if (!entry.includes('=')) throw cut(entries[index - 1]);
  return entries;
}

function cut(before: string | undefined): FnError {
  const name = before?.split('=', 1)[0];
  const what = name === undefined ? 'it does not begin with NAME=' : `the value of ${name} has a "#"`;
  return new FnError(`Couldn't use spec.build.env: ${what}, at which OpenFunction cuts values.`, {
    code: 'OFN-CONFIG',
    hint: `Give it in FUNC_ENV_B64URL instead, which "ofn env '${name ?? 'NAME'}=...'" prints for the value as it should be.`,
  });
}
