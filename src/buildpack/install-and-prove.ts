import { join } from 'node:path';
import type { BuildPlan } from './build-plan.ts';
import { chooseCompileCache } from './compile-cache/choose.ts';
import type { FrameworkLayer } from './framework-layer.ts';
import { FRAMEWORK } from './framework-package.ts';
import { isTaken, linkTo } from './node-modules.ts';
import type { Parts } from './parts.ts';
import { prove, proveWithModules } from './proof.ts';
import type { Launchable } from './rehearsal.ts';
import { useVendored } from './vendored-modules.ts';

/** Installs what the function needs beside its parts, and boots it with that. */
export async function installAndProve(plan: BuildPlan, parts: Parts): Promise<Launchable> {
  const { context, config, packageJson, log, builder } = plan;
  const { node, framework, dependencies, bills } = parts;
  const { appDir } = context;
  const wanted = parts.launch.compiled && config.check.value;
  const compileCache = await chooseCompileCache({ context, wanted, node, builder, framework, dependencies });
  const proof = { context, config, node, log, framework, compileCache };
  if (dependencies === undefined) {
    if (config.vendored.value) await useVendored({ appDir, source: config.vendored.source, node, log });
    await linkFramework(appDir, framework);
    return prove(proof);
  }
  const install = { context, dependencies, scripts: packageJson?.scripts ?? {}, node, log };
  return proveWithModules(proof, { ...install, bills, frameworkDir: framework.folder });
}

/** An app without dependencies of its own still imports the framework: it gets it through node_modules. */
async function linkFramework(appDir: string, framework: FrameworkLayer): Promise<void> {
  const nodeModules = join(appDir, 'node_modules');
  if (!(await isTaken(nodeModules))) return linkTo(framework.nodeModules, nodeModules);
  const own = join(nodeModules, FRAMEWORK.name);
  if (!(await isTaken(own))) await linkTo(framework.folder, own);
}
