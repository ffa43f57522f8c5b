import { Option } from 'commander';

/** The builder, unless another one is named. */
export const BUILDER = 'openfunction/builder-node';

/** The option that several commands have. */
export function engineOption(): Option {
  return new Option('--engine <which>', 'docker, none (no daemon), or auto')
    .choices(['auto', 'docker', 'none'])
    .default('auto');
}

/** Takes one more value of an option that can be given several times. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
