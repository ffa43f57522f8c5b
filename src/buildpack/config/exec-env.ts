import { FnError } from '../../base/error.ts';
import type { BuildSetting } from './setting.ts';

/** What an image is for: https://github.com/buildpacks/spec/blob/main/buildpack.md#execution-environments */
const EXEC_ENVS = ['production', 'development', 'test'] as const;
export type ExecEnv = (typeof EXEC_ENVS)[number];

/** The row that says it. BP_ENV wins: lifecycles that give CNB_EXEC_ENV say `production` where nobody asked. */
export const EXEC_ENV: BuildSetting<ExecEnv> = {
  subject: 'execution environment',
  variables: ['BP_ENV', 'CNB_EXEC_ENV'],
  help: 'what the image is for: `production`, `development`, `test`',
  fallback: 'production',
  parse: parseExecEnv,
};

function parseExecEnv(raw: string, source: string): ExecEnv {
  const known = EXEC_ENVS.find((name) => name === raw);
  if (known !== undefined) return known;
  throw new FnError(`Couldn't use ${source}: "${raw}" is no execution environment.`, {
    code: 'OFN-CONFIG',
    hint: `Set ${source} to one of ${EXEC_ENVS.join(', ')}, or leave it out for production.`,
  });
}
