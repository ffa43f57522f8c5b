import { connect } from 'node:net';
import { join } from 'node:path';
import { vi } from 'vitest';
import { placeOfGoRunner } from '../../../scripts/apisix-go-runner.ts';
import { artefact } from '../artefact.ts';
import { start, type Running } from '../process.ts';
import { expectPrinted, provided } from '../server-process.ts';
import { makeFolder } from '../workspace.ts';
import { RunnerClient } from './client.ts';

/** A runner in a process of its own. */
export interface TestRunner {
  readonly child: Running;
  /** The path of its socket. */
  readonly path: string;
  connect(): Promise<RunnerClient>;
}

/** How a runner is started. */
export interface RunnerStart {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The path of its socket; a new one when it is left out. */
  readonly path?: string;
}

/** Starts our runner, and waits until it listens. */
export function startRunner({ args = [], ...more }: RunnerStart = {}): Promise<TestRunner> {
  return startAt('node', [artefact('bin/ofn-runner.js'), 'run', ...args], more);
}

/** Starts Apache's runner for Go with the plugins of tools/apisix-go-runner, and waits until it listens. */
export async function startGoRunner(): Promise<TestRunner> {
  const program = provided("Apache's runner for Go", await placeOfGoRunner());
  const runner = await startAt(program, ['run'], {});
  // It says so before it does.
  await vi.waitUntil(() => isListenedAt(runner.path));
  return runner;
}

/** A socket has its path a moment before somebody listens. */
async function isListenedAt(path: string): Promise<boolean> {
  const socket = connect(path);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  const isListened = await promise;
  socket.destroy();
  return isListened;
}

async function startAt(program: string, args: readonly string[], { env, path }: RunnerStart): Promise<TestRunner> {
  const socket = path ?? join(makeFolder(), 'runner.sock');
  const child = start(program, args, { APISIX_LISTEN_ADDRESS: `unix:${socket}`, ...env });
  await expectPrinted(child, 'listening to');
  return { child, path: socket, connect: () => RunnerClient.connect(socket) };
}
