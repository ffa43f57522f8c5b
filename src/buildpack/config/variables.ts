import type { Environment } from '../../base/setting.ts';
import { decodeVariables, ENCODED } from './encoded-variables.ts';
import { execEnvOf } from './exec-env.ts';
import type { DescribedVariable } from './project-toml.ts';

/** Variables, and who set each. */
export interface Variables {
  readonly env: Environment;
  /** The name, and the place where it is not the platform. */
  readonly sourceOf: (name: string) => string;
}

/**
 * Puts the variables of a build together. Those of FUNC_ENV_B64URL win, because they come as they were written; then
 * those of the platform, and then those of project.toml, which `pack` gives as the platform's.
 */
export function collectVariables(env: Environment, described: readonly DescribedVariable[] = []): Variables {
  const everywhere = valuesOf(described.filter(({ execEnv }) => execEnv === undefined));
  const { [ENCODED]: text, ...given }: Environment = { ...everywhere, ...env };
  const encoded = text ? decodeVariables(text) : {};
  const execEnv = execEnvOf({ ...given, ...encoded });
  const inFile = valuesOf(described.filter((variable) => variable.execEnv?.includes(execEnv) !== false));
  const sourceOf = (name: string): string => {
    if (Object.hasOwn(encoded, name)) return `${name} in ${ENCODED}`;
    return env[name] === undefined && Object.hasOwn(inFile, name) ? `${name} in project.toml` : name;
  };
  const { [ENCODED]: _, ...all }: Environment = { ...inFile, ...env, ...encoded };
  return { env: all, sourceOf };
}

function valuesOf(described: readonly DescribedVariable[]): Record<string, string> {
  return Object.fromEntries(described.map(({ name, value }) => [name, value]));
}
