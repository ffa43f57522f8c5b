import { join } from 'node:path';
import type { Environment } from '../base/setting.ts';
import { isOfMachine } from '../base/variable-name.ts';
import { readValues } from './text-file.ts';

/** The machine the image is for: https://github.com/buildpacks/spec/blob/main/buildpack.md#targets */
export interface Target {
  readonly os: string;
  readonly arch: string;
  readonly archVariant?: string;
  readonly distribution?: { readonly name: string; readonly version?: string };
}

/** Reads the target from CNB_TARGET_*; undefined when the platform names none (before Platform API 0.12). */
export function readTarget(env: Environment): Target | undefined {
  const { CNB_TARGET_OS: os, CNB_TARGET_ARCH: arch, CNB_TARGET_ARCH_VARIANT: variant } = env;
  const { CNB_TARGET_DISTRO_NAME: name, CNB_TARGET_DISTRO_VERSION: version } = env;
  if (!os || !arch) return undefined;
  return {
    os,
    arch,
    ...(variant ? { archVariant: variant } : {}),
    ...(name ? { distribution: { name, ...(version ? { version } : {}) } } : {}),
  };
}

/** The variables users gave the platform: the files of `<platform>/env`, their values exactly as they stand. */
export async function readPlatformEnv(platformDir: string): Promise<Readonly<Record<string, string>>> {
  const values = await readValues(join(platformDir, 'env'));
  return Object.fromEntries([...values].filter(([name]) => !isOfMachine(name)));
}
