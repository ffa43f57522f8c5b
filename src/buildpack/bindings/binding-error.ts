import { FnError } from '../../base/error.ts';

/** A failure with a service binding: "Couldn't <what>." */
export function bindingError(what: string, hint: string): FnError {
  return new FnError(`Couldn't ${what}.`, { code: 'OFN-BINDING', hint });
}
