import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { FnError } from '../base/error.ts';
import { createLog } from '../base/log.ts';
import { readCheckRequest, type CheckReport } from '../buildpack/check-protocol.ts';
import { installStandIns } from '../buildpack/stand-in.ts';
import { http } from '../framework/builtin.ts';
import { loadFunction } from '../framework/loader.ts';
import { readOptions } from '../framework/options.ts';
import { startServer } from '../framework/server.ts';

const FRAMEWORK = '@openfunction/functions-framework';
const REPORT_FD = 3;

/** Proves a function: loads it, serves it on a free port, asks a path that never reaches it, and shuts down. */
async function prove(): Promise<CheckReport> {
  const { standIns, ...defaults } = readCheckRequest(process.env);
  installStandIns(standIns);
  serveOwnFramework();
  const options = readOptions({ env: {}, flags: {}, cwd: process.cwd() }, defaults);
  const { handler, modulePath, signatureType } = await loadFunction(options);
  const log = createLog(process.stderr);
  const server = await startServer({ handler, port: 0, host: '127.0.0.1', production: true, log });
  const status = await statusOf(server.port, '/favicon.ico');
  if (status !== 404) throw new Error(`The server answered ${status} where it answers 404.`);
  await server.close(1000);
  return { ok: true, modulePath, signatureType };
}

/** An app finds the framework in a layer that need not be on disk now: this buildpack's own takes its place. */
function serveOwnFramework(): void {
  const own = new URL('../framework/index.js', import.meta.url).href;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== FRAMEWORK) return nextResolve(specifier, context);
      return { url: own, format: 'module', shortCircuit: true };
    },
  });
}

async function statusOf(port: number, path: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  http
    .get({ port, host: '127.0.0.1', path, agent: false }, (res) => resolve(res.resume().statusCode))
    .on('error', reject);
  return promise;
}

function report(result: CheckReport): void {
  writeSync(REPORT_FD, JSON.stringify(result));
}

try {
  report(await prove());
} catch (error) {
  if (!(error instanceof FnError)) throw error;
  report({ ok: false, code: error.code, message: error.message, hint: error.hint });
}
process.exit(0);
