import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@iarna/toml';
import { decodeKeel } from '../../src/buildpack/launch/keel.ts';
import { artefact, ROOT } from './artefact.ts';
import { startDaprd, type Daprd, type DaprdOptions } from './daprd.ts';
import { makeClient, type Answer, type Call } from './http-call.ts';
import { ownPort } from './own-port.ts';
import { start, type Running } from './process.ts';
import { expectPrinted } from './server-process.ts';
import { makeFolder } from './workspace.ts';

/** A function that is a plugin, beside its sidecar. */
export interface RunningPlugin {
  readonly child: Running;
  readonly daprd: Daprd;
  readonly call: (call?: Call | string) => Promise<Answer>;
}

/** How a plugin is run. */
export interface PluginSetup {
  readonly id: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly protocol?: 'http' | 'grpc';
  /** What it prints once it knows its function. */
  readonly ready?: string;
  /** Its start is held up, and that of its sidecar with it: only what needs no app is waited for. */
  readonly isHeld?: boolean;
  readonly components?: DaprdOptions['components'];
}

/** Runs a function's source as a plugin, and waits until its sidecar has found it listening. */
export async function runPlugin(
  source: string | { readonly folder: string },
  {
    id,
    args = ['--target', 'hello'],
    env = {},
    protocol = 'http',
    ready = 'are not the function',
    isHeld = false,
    components = [],
  }: PluginSetup,
): Promise<RunningPlugin> {
  const folder = typeof source === 'string' ? makeFolder({ 'index.mjs': source }) : source.folder;
  const [port, httpPort] = await Promise.all([ownPort(), ownPort()]);
  const all = [artefact('bin/functions-framework.js'), '--source', folder, ...args];
  const own = { PORT: String(port), DAPR_HTTP_PORT: String(httpPort), KEEL_PLUGIN_ID: id, NODE_ENV: 'development' };
  const child = start('node', all, { ...own, ...env });
  await expectPrinted(child, ready);
  const daprd = await startDaprd({ appId: id, appPort: port, appProtocol: protocol, httpPort, components });
  await (isHeld ? daprd.waitOutbound() : daprd.waitReady());
  return { child, daprd, call: makeClient(port) };
}

/** Runs a sample with what its func.toml says of Keel, as an image has it. */
export async function runPluginSample(
  sample: string,
  setup: Pick<PluginSetup, 'env' | 'protocol'> = {},
): Promise<RunningPlugin> {
  const folder = join(ROOT, 'samples', sample);
  const toml = parse(readFileSync(join(folder, 'func.toml'), 'utf8')) as Record<string, Record<string, unknown>>;
  const declared = decodeKeel(toml['keel']) ?? {};
  const args = ['--target', String(toml['openfunction']?.['name'])];
  return runPlugin(
    { folder },
    { ...setup, id: declared['KEEL_PLUGIN_ID'] ?? '', args, env: { ...declared, ...setup.env } },
  );
}
