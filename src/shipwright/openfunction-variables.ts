import { FnError } from '../base/error.ts';
import { checkName } from './variables.ts';

/**
 * Reads the parameter ENV_VARS, which OpenFunction's controller makes of `spec.build.env`: `NAME=value#NAME=value#`.
 * Nothing in a value is lost but "#", which OFN-CONFIG says where it can be seen.
 */
export function readOpenFunctionVariables(text: string): ReadonlyMap<string, Buffer> {
  const variables = new Map<string, Buffer>();
  for (const entry of text.split('#')) {
    const [name = '', ...rest] = entry.split('=');
    if (entry !== '' && rest.length === 0) throw cut([...variables.keys()].at(-1));
    if (entry !== '') variables.set(checkName(Buffer.from(name).toString('latin1')), Buffer.from(rest.join('=')));
  }
  return variables;
}

function cut(name: string | undefined): FnError {
  const what = name === undefined ? 'it does not begin with NAME=' : `the value of ${name} has a "#"`;
  return new FnError(`Couldn't use spec.build.env: ${what}, at which OpenFunction cuts values.`, {
    code: 'OFN-CONFIG',
    hint: `Give it in FUNC_ENV_B64URL instead, which "ofn env '${name ?? 'NAME'}=...'" prints for the value as it should be.`,
  });
}
