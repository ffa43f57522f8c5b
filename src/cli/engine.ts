import { FnError } from '../base/error.ts';
import { runProgram } from './program-run.ts';
import type { Terminal } from './terminal.ts';

/** Which way a command goes: `auto` takes a Docker engine when one answers. */
export type EngineChoice = 'auto' | 'docker' | 'none';

/** The engine API that the lifecycle talks: https://docs.docker.com/reference/api/engine/version-history/ */
const OLDEST_API = [1, 44] as const;

/** Whether a Docker engine does the work; OFN-CLI-ENGINE when it is wanted and none can. */
export async function usesEngine(choice: EngineChoice, terminal: Terminal): Promise<boolean> {
  if (choice === 'none') return false;
  const api = await apiOfEngine(terminal);
  if (isNewEnough(api)) return true;
  if (choice === 'auto') return false;
  const cause = api === '' ? 'none answers' : `its API ${api} is older than ${OLDEST_API.join('.')}`;
  throw new FnError(`Couldn't use a Docker engine: ${cause}.`, {
    code: 'OFN-CLI-ENGINE',
    hint: 'Start Docker, have DOCKER_HOST name it unless it is the default one, or give --engine none.',
  });
}

/** The engine's API version, such as 1.51; empty when there is no engine or no docker command. */
async function apiOfEngine(terminal: Terminal): Promise<string> {
  const args = ['version', '--format', '{{.Server.APIVersion}}'];
  const answer = await runProgram('docker', args, terminal).catch(() => undefined);
  return answer?.ok === true ? answer.stdout.trim() : '';
}

function isNewEnough(api: string): boolean {
  const [major = 0, minor = 0] = api.split('.').map(Number);
  return major > OLDEST_API[0] || (major === OLDEST_API[0] && minor >= OLDEST_API[1]);
}
