import type { LayerInputs } from '../../base/layer-inputs.ts';
import type { ManagerChoice } from '../managers/choose.ts';
import { digestOf } from './inputs.ts';

/** What decides the installed packages, beside who installs them. */
export interface ModulesParts {
  readonly choice: ManagerChoice;
  /** The texts of the manager's settings files, in their order; undefined for those that are not there. */
  readonly settings: readonly (string | undefined)[];
  /** What package.json says of dependencies. */
  readonly manifest: unknown;
  readonly abi: string;
  readonly architecture: string;
  readonly installScripts: unknown;
  /** The variables that decide something of them, name and value. */
  readonly variables: readonly (readonly [string, string])[];
  /** For how many days locked versions must have been published. */
  readonly minimumAge: number;
  /** The manifests of workspaces, by their folders. */
  readonly manifests: readonly (readonly [string, unknown])[];
  /** Its devDependencies, where they stay in the image. */
  readonly developed: unknown;
}

/** The parts of the key of the installed packages, by names for people. */
export function modulesInputs(parts: ModulesParts): LayerInputs {
  const { choice, settings, manifest, abi, architecture, installScripts, variables, minimumAge, developed } = parts;
  const workspaces = parts.manifests.map(([folder, one]) => [`${folder}/package.json`, digestOf(one)] as const);
  const { manager, version, lock } = choice;
  const files = manager.settingsFiles.flatMap((name, at) =>
    settings[at] === undefined ? [] : [[name, digestOf(settings[at])] as const],
  );
  return {
    'package manager': version === undefined ? manager.name : `${manager.name} ${version}`,
    ...(lock === undefined ? {} : { [lock.name]: digestOf(lock.text) }),
    ...Object.fromEntries(files),
    'dependencies in package.json': digestOf(manifest),
    ...(developed === undefined ? {} : { 'devDependencies in package.json': digestOf(developed) }),
    ...Object.fromEntries(workspaces),
    "Node.js's module version": abi,
    architecture,
    // Their values are the user's own business.
    ...Object.fromEntries(variables.map(([name, value]) => [name, digestOf(value)])),
    ...(minimumAge === 0 ? {} : { 'minimum release age': `${minimumAge}` }),
    'install scripts': typeof installScripts === 'string' ? installScripts : JSON.stringify(installScripts),
  };
}
