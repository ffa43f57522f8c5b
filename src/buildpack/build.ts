import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import { fromLevel, type Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import type { BuildContext } from '../libcnb/context.ts';
import type { BuildResult } from '../libcnb/phase.ts';
import { namedInApp } from './app-file.ts';
import type { ProvenFunction } from './boot-check.ts';
import { withBindings } from './bindings/with-bindings.ts';
import { chooseCompileCache } from './compile-cache/choose.ts';
import { requireScripts, runBuildScripts } from './build-scripts.ts';
import { FUNCTION_SETTINGS, type Config } from './config/function.ts';
import type { Sources } from './config/sources.ts';
import { findDependencies, type Dependencies, type DependencyRequest } from './dependencies.ts';
import { provideFramework, type FrameworkLayer } from './framework-layer.ts';
import { FRAMEWORK } from './framework-package.ts';
import { writeFunctionLayer } from './function-layer.ts';
import { INSTALL_SETTINGS } from './managers/settings.ts';
import { planLaunch } from './launch/plan.ts';
import { sliceApp } from './launch/slices.ts';
import { isTaken, linkTo } from './node-modules.ts';
import { guardFor } from './node/rebase-guard.ts';
import type { BuilderNode } from './node/builder-node.ts';
import { provideNode } from './node/provide.ts';
import type { NodeRuntime } from './node/runtime.ts';
import type { PackageJson } from './package-json.ts';
import { readProject } from './project.ts';
import { openBills } from './sbom/bills.ts';
import { recordBills } from './sbom/record.ts';
import { SBOM_SETTINGS } from './sbom/settings.ts';
import { tidyApp } from './tidy-app.ts';
import { useVendored } from './vendored-modules.ts';
import { prove, proveWithModules } from './proof.ts';
import type { Launchable } from './rehearsal.ts';

interface Wanted {
  readonly context: BuildContext;
  readonly config: Config;
  readonly packageJson: PackageJson | undefined;
  readonly sources: Sources;
  /** What programs run with. */
  readonly env: Environment;
  readonly log: Log;
  readonly builder: BuilderNode;
}

/**
 * Makes the layers of a function: framework, dependencies, rendered main; proves the function on the way. `everyLine`
 * is the log of which the project shows what it wants.
 */
export async function build(context: BuildContext, everyLine: Log, builder: BuilderNode): Promise<BuildResult> {
  const { appDir, platformDir } = context;
  const { packageJson, sources, config } = await readProject(appDir, context.env);
  const log = fromLevel(everyLine, sources.read(FUNCTION_SETTINGS.debug).value ? 'debug' : 'info');
  if (config === undefined) throw noFunction();
  return withBindings({ appDir, platformDir, env: sources.env }, log, (env, quiet) =>
    buildFunction({ context, config, packageJson, sources, env: toolEnvironment(env), log: quiet, builder }),
  );
}

async function buildFunction({
  context,
  config,
  packageJson,
  sources,
  env,
  log,
  builder,
}: Wanted): Promise<BuildResult> {
  const { appDir } = context;
  log.info(`Function "${config.target.value}" (from ${config.target.source})`);
  const node = await provideNode({ context, packageJson, sources, builder, env, log });
  const bills = await openBills(context, !sources.read(SBOM_SETTINGS.disabled).value);
  const framework = await provideFramework(context, bills, log);
  const installScripts = sources.read(INSTALL_SETTINGS.scripts).value;
  const toolchain = { abi: node.abi, arch: context.target?.arch ?? 'amd64', installScripts };
  const dependencies = await dependenciesOf({ appDir, config, packageJson }, toolchain);
  const launch = planLaunch(sources, node.version);
  const wanted = launch.compiled && config.check.value;
  const compileCache = await chooseCompileCache({ context, wanted, node, builder, framework, dependencies, log });
  const proof = { context, config, node, log, framework, compileCache };
  let proven: Launchable;
  if (dependencies === undefined) {
    if (config.vendored.value) await useVendored({ appDir, source: config.vendored.source, node, log });
    await linkFramework(appDir, framework);
    proven = await prove(proof);
  } else {
    const plan = { context, dependencies, scripts: packageJson?.scripts ?? {}, node, log };
    if (config.scripts.value.length > 0) await runBuildScripts(plan, config.scripts);
    proven = await proveWithModules(proof, { ...plan, bills, frameworkDir: framework.folder });
  }
  await tidyApp(appDir, dependencies?.choice.manager.vendored, log);
  await recordBills(bills, {
    appDir,
    layersDir: context.layersDir,
    dependencies,
    nodeVersion: node.isRunImages ? undefined : node.version,
  });
  const builtFor = await guardFor(context, node, dependencies !== undefined);
  const main = await writeFunctionLayer(context, config, { proven, frameworkDir: framework.folder, builtFor, launch });
  return {
    launch: {
      slices: await sliceApp(appDir, proven.modulePath),
      labels: labelsOf(config, proven, framework, node),
      processes: [{ type: 'web', command: ['node', main], isDefault: true }],
    },
  };
}

/** What has to be installed; nothing where the app brings its node_modules. */
async function dependenciesOf(
  { appDir, config, packageJson }: Pick<Wanted, 'config' | 'packageJson'> & { readonly appDir: string },
  toolchain: Omit<DependencyRequest, 'development'>,
): Promise<Dependencies | undefined> {
  requireScripts(config.scripts, packageJson?.scripts ?? {});
  if (config.vendored.value) return undefined;
  const development = config.scripts.value.length > 0;
  return namedInApp(appDir, () => findDependencies(appDir, packageJson, { ...toolchain, development }));
}

/** An app without dependencies of its own still imports the framework: it gets it through node_modules. */
async function linkFramework(appDir: string, framework: FrameworkLayer): Promise<void> {
  const nodeModules = join(appDir, 'node_modules');
  if (!(await isTaken(nodeModules))) return linkTo(framework.nodeModules, nodeModules);
  const own = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(own))) await linkTo(framework.folder, own);
}

/** What npm and the boot check run with: compiled Python of node-gyp has times in it, and is not left behind. */
function toolEnvironment(env: Environment): Environment {
  return { ...env, NODE_ENV: 'production', PYTHONDONTWRITEBYTECODE: '1' };
}

function labelsOf(
  config: Config,
  proven: ProvenFunction,
  framework: FrameworkLayer,
  node: NodeRuntime,
): Record<string, string> {
  return {
    'io.openfunction.function.name': config.target.value,
    'io.openfunction.function.signature-type': proven.signatureType,
    'io.openfunction.framework.version': framework.version,
    'io.openfunction.node.version': node.version,
    'io.openfunction.node.abi': node.abi,
  };
}

function noFunction(): FnError {
  return new FnError("Couldn't build: no function is named.", {
    code: 'OFN-CONFIG',
    hint: 'Set FUNC_NAME to the exported function.',
  });
}
