import { FnError } from '../base/error.ts';
import { buildWithLayout } from './layout-build.ts';
import { readBuildRequest, type BuildOptions, type BuildRequest, type ProjectFacts } from './build-request.ts';
import { usesEngine, type EngineChoice } from './engine.ts';
import { findHome } from './home.ts';
import { buildWithPack } from './pack-build.ts';
import { describeOutcome } from './result.ts';
import type { Terminal } from './terminal.ts';

/** `ofn build`: a folder in, an image out. */
export async function build(
  path: string,
  options: BuildOptions & { readonly engine: EngineChoice },
  terminal: Terminal,
  facts: ProjectFacts,
): Promise<number> {
  const request = await readBuildRequest(path, options, terminal, facts);
  const home = findHome(terminal.env);
  const withEngine = await usesEngine(engineFor(request, options.engine), terminal);
  terminal.stdout.write(withEngine ? 'Building with pack and the Docker engine\n' : 'Building without a daemon\n');
  const outcome = await (withEngine ? buildWithPack : buildWithLayout)(request, home, terminal);
  terminal.stdout.write(describeOutcome(outcome));
  return 0;
}

/**
 * pack runs a builder of the architecture it builds for, which takes emulation, and does not say of which builder and run
 * image; a build without an engine does without the one and says the other.
 */
function engineFor({ foreignArch, provenance }: BuildRequest, choice: EngineChoice): EngineChoice {
  if (choice === 'none' || (foreignArch === undefined && provenance === undefined)) return choice;
  if (choice === 'auto') return 'none';
  if (foreignArch === undefined) {
    throw new FnError(
      "Couldn't tell the provenance of a build with a Docker engine: it does not say of which images.",
      {
        code: 'OFN-CLI-ARGUMENT',
        hint: 'Leave out --engine: a build without an engine knows the digest of each image.',
      },
    );
  }
  throw new FnError(`Couldn't build for linux/${foreignArch} with a Docker engine: this machine is of another kind.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Leave out --engine: a build without an engine needs no emulation for functions of JavaScript alone.',
  });
}
