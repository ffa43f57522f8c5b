import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LayerInputs } from '../../base/layer-inputs.ts';
import type { Environment } from '../../base/setting.ts';
import type { Architectures } from './foreign-code.ts';
import { withoutCredentials } from '../bindings/addresses.ts';
import { withoutSecrets } from '../bindings/secrets.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import { modulesInputs } from '../layers/modules-inputs.ts';
import { installVariables } from '../managers/install-variables.ts';
import { chooseManager, type ManagerChoice } from '../managers/choose.ts';
import type { InstallScripts } from '../managers/settings.ts';
import { hasWorkspaces, refuseOutside } from '../proof/outside-app.ts';
import type { PackageJson } from '../project/package-json.ts';
import { findWorkspaces } from '../project/workspaces.ts';
import { whyUnique } from './why-unique.ts';

/** What decides the content of node_modules beside the app's own files. */
export interface Toolchain {
  /** Node's module ABI, `process.versions.modules`. */
  readonly abi: string;
  readonly architectures: Architectures;
}

/** What a build has to know before it looks for dependencies. */
export interface DependencyRequest extends Toolchain {
  /** There are build scripts: devDependencies count too. */
  readonly development?: boolean;
  /** The image is not for production: devDependencies stay in it. */
  readonly keepsDevelopment?: boolean;
  /** Whose install scripts run. */
  readonly installScripts: InstallScripts;
  /** For how many days locked versions must have been published; 0 without it. */
  readonly minimumAge?: number;
  /** The variables of the build. */
  readonly env?: Environment;
  /** The whole app, where the project is a folder of it. */
  readonly appDir?: string;
}

/** What has to be installed for an app. */
export interface Dependencies {
  /** The package manager, with the lock file it goes by. */
  readonly choice: ManagerChoice;
  readonly architectures: Architectures;
  /** Whose install scripts run. */
  readonly installScripts: InstallScripts;
  /** For how many days locked versions must have been published. */
  readonly minimumAge: number;
  /** SHA-256 of all that decides the content of node_modules, in hex. */
  readonly key: string;
  /** The parts of the key, for people. */
  readonly inputs: LayerInputs;
  /** Without devDependencies. */
  readonly production: boolean;
  /** The folders that have packages of their own, relative to the project: '' is the project itself. */
  readonly folders: readonly string[];
  /** Why node_modules can't be taken over by the key alone, or undefined when it can. */
  readonly unique: string | undefined;
}

/** Finds what has to be installed; undefined when the app needs nothing. */
export async function findDependencies(
  projectDir: string,
  packageJson: PackageJson | undefined,
  {
    abi,
    architectures,
    development = false,
    keepsDevelopment = false,
    installScripts,
    minimumAge = 0,
    env = {},
    appDir = projectDir,
  }: DependencyRequest,
): Promise<Dependencies | undefined> {
  if (packageJson === undefined) return undefined;
  const choice = await chooseManager(projectDir, packageJson);
  const { lock, manager, version, hash } = choice;
  const contents = lock && manager.readLock(lock.text, join(projectDir, lock.name));
  const settings = await Promise.all(
    manager.settingsFiles.map((name) => readTextIfPresent(join(projectDir, name), 'OFN-CONFIG')),
  );
  const workspaces = await findWorkspaces(projectDir, manager.lockFiles);
  const project = { projectDir, packageJson, workspaces, lock: contents };
  const unique = manager.whyUnique?.(settings) ?? (await whyUnique(project));
  const developed = keepsDevelopment ? (packageJson.raw['devDependencies'] ?? {}) : undefined;
  const isListed =
    development ||
    hasPackages(Object(developed)) ||
    hasPackages(packageJson.dependencies) ||
    hasWorkspaces(packageJson) ||
    workspaces.length > 0 ||
    contents?.hasPackages === true;
  if (!isListed && manager.whyUnique?.(settings) === undefined) return undefined;
  await refuseOutside({ appDir, projectDir }, packageJson);
  const program = [manager.name, version, hash];
  const manifest = manifestOf(packageJson);
  const manifests = workspaces.map((one) => [one.folder, one.packageJson.raw] as const);
  const variables = installVariables(env);
  const recordable = settings.map((text) => text && withoutSecrets(text));
  const parts = [program, lock?.text, recordable, manifest, abi, architectures.target, installScripts, variables];
  // What is taken over was old enough when it was installed.
  const aged = minimumAge === 0 ? [] : [{ minimumAge }];
  const more = [...(developed === undefined ? [] : [developed]), ...aged];
  const key = digest([...parts, ...more, ...(manifests.length === 0 ? [] : [manifests])]);
  const architecture = architectures.target;
  const decided = { abi, architecture, installScripts, variables, minimumAge, developed, manifests };
  const inputs = modulesInputs({ choice, settings: recordable, manifest, ...decided });
  const folders = ['', ...workspaces.map(({ folder }) => folder)];
  const production = !keepsDevelopment;
  return { choice, architectures, installScripts, minimumAge, key, inputs, production, folders, unique };
}

/** Whether there is one besides the framework, which is in the image anyway. */
function hasPackages(dependencies: object): boolean {
  return Object.keys(dependencies).some((name) => name !== FRAMEWORK.name);
}

/** What of package.json package managers look at when they install. */
function manifestOf(packageJson: PackageJson): unknown {
  const keys = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'overrides'];
  const more = [
    'resolutions',
    'dependenciesMeta',
    'trustedDependencies',
    'pnpm',
    'installConfig',
    'catalog',
    'catalogs',
    'workspaces',
  ];
  return [...keys, ...more].map((key) => packageJson.raw[key] ?? {});
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(withoutCredentials(JSON.stringify(parts)))
    .digest('hex');
}
