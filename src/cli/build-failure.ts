import { FnError } from '../base/error.ts';

/** The failure of a build whose own output has already said why. */
export function buildFailed(phase: string | undefined): FnError {
  return new FnError(`Couldn't build the image: it failed while ${phase ?? 'starting'}.`, {
    code: 'OFN-CLI-BUILD',
    hint: 'The lines above say why; a code such as OFN-FUNC-NOT-FOUND is explained in docs/errors.md.',
  });
}
