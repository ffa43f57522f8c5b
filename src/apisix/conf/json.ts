import { FnError } from '../../base/error.ts';

/** Reads JSON. What is wrong is said without the text, which may have a secret in it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FnError("Couldn't read the value: it is no JSON.", {
      code: 'OFN-APISIX-CONF',
      hint: "Write the value of the route's plugin as JSON.",
    });
  }
}
