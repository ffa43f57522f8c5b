import { buildWithLayout } from './layout-build.ts';
import { readBuildRequest, type BuildOptions } from './build-request.ts';
import { engineAnswers } from './engine.ts';
import { findHome } from './home.ts';
import { buildWithPack } from './pack-build.ts';
import { describeOutcome } from './result.ts';
import type { Terminal } from './terminal.ts';

/** Which way a command goes: `auto` takes a Docker engine when one answers. */
export type EngineChoice = 'auto' | 'docker' | 'none';

/** `ofn build`: a folder in, an image out. */
export async function build(
  path: string,
  options: BuildOptions & { readonly engine: EngineChoice },
  terminal: Terminal,
): Promise<number> {
  const request = await readBuildRequest(path, options, terminal);
  const home = findHome(terminal.env);
  const withEngine = await usesEngine(options.engine, terminal);
  terminal.stdout.write(withEngine ? 'Building with pack and the Docker engine\n' : 'Building without a daemon\n');
  const outcome = await (withEngine ? buildWithPack : buildWithLayout)(request, home, terminal);
  terminal.stdout.write(describeOutcome(outcome));
  return 0;
}

/** Whether the Docker engine does the work. */
export async function usesEngine(choice: EngineChoice, terminal: Terminal): Promise<boolean> {
  return choice === 'auto' ? engineAnswers(terminal.env) : choice === 'docker';
}
