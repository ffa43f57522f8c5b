import type { Environment } from '../../base/setting.ts';
import { decodeVariables, ENCODED } from './encoded-variables.ts';
import { EXEC_ENV, type ExecEnv } from './exec-env.ts';
import type { DescribedVariable } from './project-toml.ts';
import type { BuildSetting } from './setting.ts';

/** Variables, and who set each. */
export interface Variables {
  readonly env: Environment;
  /** The name, and the place where it is not the platform. */
  readonly sourceOf: (name: string) => string;
  /** Which of a row's variables decides: of those that are set the one of the first place, in one place the first name. */
  readonly deciding: (setting: Pick<BuildSetting<unknown>, 'variables' | 'emptyCounts'>) => string | undefined;
}

/** Where variables are set. */
interface Place {
  readonly values: Environment;
  /** What follows a name to say so. */
  readonly suffix: string;
}

/**
 * Puts the variables of a build together. Those of FUNC_ENV_B64URL win, because they come as they were written; then
 * those of the platform, and then those of project.toml, which `pack` gives as the platform's: they are its own again.
 */
export function collectVariables(env: Environment, described: readonly DescribedVariable[] = []): Variables {
  const forAll = valuesOf(described.filter(({ execEnv }) => execEnv === undefined));
  const text = env[ENCODED] ?? forAll[ENCODED];
  const encoded = text ? decodeVariables(text) : {};
  const execEnv = execEnvOf(orderPlaces(encoded, env, forAll));
  const inFile = valuesOf(described.filter((variable) => variable.execEnv?.includes(execEnv) !== false));
  return orderPlaces(encoded, env, inFile);
}

/** The execution environment that variables say; OFN-CONFIG where it is none. */
export function execEnvOf({ deciding, env, sourceOf }: Variables): ExecEnv {
  const name = deciding(EXEC_ENV);
  return name === undefined ? EXEC_ENV.fallback : EXEC_ENV.parse(env[name] ?? '', sourceOf(name));
}

function orderPlaces(encoded: Environment, given: Environment, inFile: Environment): Variables {
  const ofPlatform = Object.entries(given).filter(([name, value]) => value !== inFile[name]);
  const places: readonly Place[] = [
    { values: encoded, suffix: ` in ${ENCODED}` },
    { values: Object.fromEntries(ofPlatform), suffix: '' },
    { values: inFile, suffix: ' in project.toml' },
  ];
  const { [ENCODED]: _, ...env }: Environment = { ...inFile, ...given, ...encoded };
  const placeOf = (name: string): number => places.findIndex(({ values }) => values[name] !== undefined);
  return {
    env,
    sourceOf: (name) => `${name}${places[placeOf(name)]?.suffix ?? ''}`,
    deciding: ({ variables, emptyCounts = false }) => {
      const set = variables.filter((name) => env[name] !== undefined && (emptyCounts || env[name] !== ''));
      return set.toSorted((one, other) => placeOf(one) - placeOf(other))[0];
    },
  };
}

function valuesOf(described: readonly DescribedVariable[]): Record<string, string> {
  return Object.fromEntries(described.map(({ name, value }) => [name, value]));
}
