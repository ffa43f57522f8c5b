import type { Environment } from '../base/setting.ts';
import { runProgram } from './program-run.ts';

/** The engine API that the lifecycle talks: https://docs.docker.com/reference/api/engine/version-history/ */
const OLDEST_API = [1, 44] as const;

/** Whether a Docker engine with a new enough API answers. */
export async function engineAnswers(env: Environment): Promise<boolean> {
  const args = ['version', '--format', '{{.Server.APIVersion}}'];
  const answer = await runProgram('docker', args, env).catch(() => undefined);
  if (answer?.ok !== true) return false;
  const [major = 0, minor = 0] = answer.stdout.trim().split('.').map(Number);
  return major > OLDEST_API[0] || (major === OLDEST_API[0] && minor >= OLDEST_API[1]);
}
