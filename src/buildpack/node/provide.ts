import { join } from 'node:path';
import { major, valid } from 'semver';
import type { Log } from '../../base/log.ts';
import type { Environment } from '../../base/setting.ts';
import type { BuildContext } from '../../libcnb/context.ts';
import type { Sources } from '../config/sources.ts';
import type { PackageJson } from '../project/package-json.ts';
import type { BuilderNode } from './builder-node.ts';
import { chooseNode, newestOf, type NodeChoice } from './choice.ts';
import { distOrigin } from './dist-origin.ts';
import { recordedNode, writeNodeLayer } from './node-layer.ts';
import { cachedPackage, fetchPackage, type NodeIdentity } from './node-package.ts';
import { npmOrigin } from './npm-origin.ts';
import type { NodeOrigin } from './origin.ts';
import { parseRequest, type NodeRequest } from './request.ts';
import type { NodeRuntime } from './runtime.ts';
import { NODE_SETTINGS } from './settings.ts';
import { findRequests, nodeDecision } from './sources.ts';
import { warningsFor } from './warnings.ts';

/** What the choice of Node.js needs to know. */
export interface NodePlan {
  readonly context: BuildContext;
  /** Where package.json is, the app's root or a folder below it. */
  readonly projectDir: string;
  readonly packageJson: PackageJson | undefined;
  readonly sources: Sources;
  readonly builder: BuilderNode;
  /** What programs run with. */
  readonly env: Environment;
  readonly log: Log;
}

/** Provides the Node.js of the function: the run image's where it will do, else in a launch layer. */
export async function provideNode(plan: NodePlan): Promise<NodeRuntime> {
  const { context, builder, log, packageJson, sources } = plan;
  const { appDir, layersDir } = context;
  const found = await findRequests({ appDir, projectDir: plan.projectDir, sources, packageJson });
  const arch = context.target?.arch ?? builder.arch;
  const recorded = await recordedNode(layersDir);
  const choice = chooseNode(found.request, {
    runImage: sources.read(NODE_SETTINGS.runImage).value || undefined,
    builder: builder.version,
    portable: builder.portable && builder.arch === arch,
    recorded: recorded?.arch === arch ? recorded.version : undefined,
  });
  const runtime = await take(plan, choice, found.request, arch);
  const { isRunImages, version } = runtime;
  const today = new Date().toISOString().slice(0, 10);
  for (const warning of warningsFor(version, found, { isRunImages, today })) log.warn(warning);
  const value = `${version}, ${isRunImages ? 'in the run image' : 'in a layer'}`;
  return { ...runtime, decision: nodeDecision(found, value) };
}

type Taken = Omit<NodeRuntime, 'decision'>;

async function take(
  plan: NodePlan,
  choice: NodeChoice,
  request: NodeRequest | undefined,
  arch: string,
): Promise<Taken> {
  if (choice.from === 'run-image') return inRunImage(plan, choice.version);
  if (choice.from === 'builder') return copied(plan, arch);
  return fetched(plan, request, arch, choice.from === 'elsewhere' ? undefined : choice.version);
}

function inRunImage({ builder, env, log }: NodePlan, version: string): Taken {
  log.info(`Node.js ${version}: in the run image`);
  return builders(builder, env, { version, isRunImages: true });
}

/** The run image is said to have none, or another: the builder's own needs no network. */
async function copied({ builder, context, env, log }: NodePlan, arch: string): Promise<Taken> {
  const { abi, folder, version } = builder;
  const files = async () => ({ folder, abi });
  const { isReused } = await writeNodeLayer(context.layersDir, { version, arch }, files);
  log.info(`Node.js ${version}: ${isReused ? 'layer reused' : "layer added, the builder's"}`);
  return builders(builder, env, { version, isRunImages: false });
}

function builders(
  { abi, headers }: BuilderNode,
  env: Environment,
  what: Pick<Taken, 'version' | 'isRunImages'>,
): Taken {
  const standIn = headers === undefined ? env : { npm_config_nodedir: headers, ...env };
  return { ...what, abi, standIn, isAtHand: () => true, environment: async () => standIn };
}

async function fetched(
  plan: NodePlan,
  request: NodeRequest | undefined,
  arch: string,
  chosen: string | undefined,
): Promise<Taken> {
  const { builder, context, env, log } = plan;
  const { layersDir } = context;
  const origin = originFor(plan, arch);
  const wanted = request ?? parseRequest(`${major(builder.version)}`, 'the builder');
  const version = chosen ?? valid(wanted.text) ?? newestOf(wanted, await versionsOf(origin, wanted, log), origin.name);
  const identity: NodeIdentity = { version, arch };
  let files = await cachedPackage(layersDir, identity);
  const provide = async () => (files ??= await fetchPackage(layersDir, identity, origin));
  const { abi, isReused } = await writeNodeLayer(layersDir, identity, provide);
  log.info(
    `Node.js ${version}: ${isReused ? 'layer reused' : `layer added, from ${origin.name}`} (${nodeDecision({ request: wanted }, version).source})`,
  );
  // A program for another architecture can't be started here, nor can modules be compiled for it.
  const isForeign = builder.arch !== arch;
  return {
    version,
    abi,
    isRunImages: false,
    standIn: env,
    isAtHand: () => files !== undefined || isForeign,
    async environment() {
      if (isForeign) return env;
      if (files === undefined) log.info(`Node.js ${version}: fetching it, from ${origin.name}`);
      const { folder } = await provide();
      return { npm_config_nodedir: folder, ...env, PATH: `${join(folder, 'bin')}:${env['PATH'] ?? ''}` };
    },
  };
}

/** Says so first: npm waits a minute for a registry that does not answer. */
async function versionsOf(origin: NodeOrigin, { text }: NodeRequest, log: Log): Promise<readonly string[]> {
  log.info(`Node.js: looking for "${text}" in ${origin.name}`);
  return origin.versions();
}

function originFor({ context, env, sources }: NodePlan, arch: string): NodeOrigin {
  const url = sources.read(NODE_SETTINGS.dist).value;
  const { appDir, buildpackDir } = context;
  if (url === '') return npmOrigin(arch, { env, appDir });
  const program = join(buildpackDir, 'dist/download/index.js');
  return distOrigin({ url: new URL(url), arch, program, env });
}
