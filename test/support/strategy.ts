import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT } from './artefact.ts';

/** A step of a build strategy of Shipwright, as far as tests look at it. */
export interface StrategyStep {
  readonly name: string;
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

/** A build strategy of Shipwright. */
export interface Strategy {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly parameters: readonly {
      readonly name: string;
      readonly default?: string;
      readonly defaults?: readonly string[];
    }[];
    readonly volumes: readonly { readonly name: string; readonly overridable?: boolean }[];
    readonly steps: readonly StrategyStep[];
  };
}

/** Reads a strategy of deploy/shipwright. */
export function readStrategy(file: 'build-strategy.yaml' | 'cluster-build-strategy.yaml'): Strategy {
  return load(readFileSync(join(ROOT, 'deploy/shipwright', file), 'utf8')) as Strategy;
}

/** The words of a step's command, with values in them as Tekton puts them in: texts as they are, lists a word each. */
export function commandOf(
  step: StrategyStep,
  values: Readonly<Record<string, string | readonly string[]>>,
): readonly string[] {
  return [...step.command, ...step.args].flatMap((word) => {
    const list = /^\$\((?<name>[\w.-]+)\[\*\]\)$/.exec(word)?.groups?.['name'];
    if (list !== undefined) return values[list] ?? [];
    return word.replaceAll(/\$\(((?:params|results)\.[\w.-]+)\)/g, (_, name: string) => String(values[name]));
  });
}
