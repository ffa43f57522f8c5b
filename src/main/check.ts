import { writeSync } from 'node:fs';
import { setSourceMapsSupport } from 'node:module';
import { pathToFileURL } from 'node:url';
import { FnError } from '../base/error.ts';
import type { ManifestFunction } from '../base/function-manifest.ts';
import { createLog } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import { readCheckRequest, type CheckReport } from '../buildpack/proof/check-protocol.ts';
import { MODULES_FILE } from '../buildpack/compile-cache/fill.ts';
import { asOutsideImage, installImageBounds } from '../buildpack/proof/image-bounds.ts';
import { watchPackageFiles, watchPackages, type PackageWatch } from '../buildpack/proof/package-hooks.ts';
import { http } from '../framework/builtin.ts';
import { frameworkAliases, installAliases } from '../framework/alias.ts';
import { createApplication } from '../framework/application.ts';
import { findExport, type Exports } from '../framework/exports.ts';
import { loadModule, type LoadedModule, type NamedFunction } from '../framework/loader.ts';
import { readOptions } from '../framework/options.ts';
import { readPlatform } from '../framework/platform.ts';
import { recordCompiled } from './compiled-modules.ts';

/** By a name of its own: the bundler would take the modules beside this one for assets. */
const HERE = import.meta.url;
/** The names by which functions import the client of Keel, and plugins of APISIX `definePlugin`. */
const KEEL = '@openfunction/functions-framework/keel';
const APISIX = '@openfunction/functions-framework/apisix';
const REPORT_FD = 3;
/** A path that never reaches the function: it is not called by its build. */
const HEALTH_PATH = '/.well-known/openfunction/boot-check';

/** Proves a function: loads it, serves it on a free port, asks a path that never reaches it, and shuts down. */
async function prove(): Promise<CheckReport> {
  const { bounds, standIns, complete, keel, compiled, ...defaults } = readCheckRequest(process.env);
  const record = compiled === undefined ? undefined : recordCompiled(compiled.folder, MODULES_FILE);
  setSourceMapsSupport(true);
  installImageBounds(bounds);
  const watched = { appDir: bounds.appDir, demands: standIns, areOnDisk: complete };
  const packages = watchPackages(watched);
  watchPackageFiles(watched);
  installAliases({
    ...frameworkAliases(new URL('../framework/', HERE)),
    [KEEL]: new URL('../keel/index.js', HERE),
    [APISIX]: new URL('../apisix/index.js', HERE),
  });
  if (defaults.signatureType === 'apisix') return provePlugins(defaults.source, packages);
  const options = readOptions({ env: {}, flags: {}, cwd: process.cwd() }, defaults);
  const loaded = await loadModule(options);
  for (const { handler } of loaded.functions) packages.tellIfStandIn(handler);
  if (Object.keys(keel).length > 0) await provePlugin(keel, loaded);
  const warnings: string[] = [];
  const warn = (text: string): void => void warnings.push(text);
  const log = { ...createLog(process.stderr), warn, error: warn };
  const { shutdown: _, ...lifecycle } = loaded.lifecycle;
  const app = await createApplication(
    { ...loaded, lifecycle },
    {
      ...options,
      functionContext: undefined,
      platform: readPlatform({}),
      tracer: undefined,
      production: true,
      rehearsal: true,
      log,
      healthPath: HEALTH_PATH,
      usage: () => ({ residentBytes: 0, cpuSeconds: 0 }),
    },
  );
  const port = await app.listen(0, '127.0.0.1');
  const status = await statusOf(port, HEALTH_PATH);
  if (status !== 200) throw new Error(`The server answered ${status} where it answers 200.`);
  const cpuMilliseconds = usedMilliseconds();
  await app.close(1000);
  const functions = loaded.functions.map(describeFunction);
  const signatureType = functions[0]?.signatureType ?? options.signatureType;
  const { modulePath, exports } = loaded;
  for (const path of compiled?.preloaded ?? []) await import(/* webpackIgnore: true */ pathToFileURL(path).href);
  record?.();
  await packages.tellNames();
  return { ok: true, modulePath, signatureType, functions, exports: exportedNames(exports), warnings, cpuMilliseconds };
}

/** Plugins of APISIX are proven by being loaded; they have nothing to serve without it. */
async function provePlugins(source: string, packages: PackageWatch): Promise<CheckReport> {
  const { findPlugins } = await import('../apisix/process/find-plugins.ts');
  const { OF_BUILD } = await import('../apisix/process/loading-hints.ts');
  const { byName } = await import('../apisix/plugins-by-name.ts');
  const { plugins } = await findPlugins(source, { node: process.execPath, hints: OF_BUILD });
  const names = [...byName(plugins).keys()];
  const functions = names.map((name) => ({ name, signatureType: 'apisix' }));
  const cpuMilliseconds = usedMilliseconds();
  await packages.tellNames();
  return {
    ok: true,
    modulePath: source,
    signatureType: 'apisix',
    functions,
    exports: [],
    warnings: [],
    cpuMilliseconds,
  };
}

/** A function as the manifest of its image tells it; a `fetch` is served as HTTP functions are. */
function describeFunction({ name, signatureType, options: { path, methods } }: NamedFunction): ManifestFunction {
  return {
    name,
    signatureType: signatureType === 'fetch' ? 'http' : signatureType,
    ...(path === undefined ? {} : { path }),
    ...(methods === undefined ? {} : { methods }),
  };
}

/** The names of a module's exports; those of CommonJS may be in its default alone. */
function exportedNames(exports: Exports): string[] {
  const own = Object.keys(exports).filter((name) => !['default', 'module.exports', '__esModule'].includes(name));
  const inner =
    typeof exports['default'] === 'object' && exports['default'] !== null ? Object.keys(exports['default']) : [];
  return [...new Set([...own, ...(own.length > 0 ? [] : inner)])].toSorted();
}

/** What a plugin of Keel would not start with is a fault of the build. */
async function provePlugin(env: Environment, { exports }: LoadedModule): Promise<void> {
  const { readKeelSettings } = await import('../keel/settings.ts');
  const { hooksOf } = await import('../keel/hooks.ts');
  readKeelSettings(env);
  hooksOf(findExport(exports, 'keel'));
}

async function statusOf(port: number, path: string): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  http
    .get({ port, host: '127.0.0.1', path, agent: false }, (res) => resolve(res.resume().statusCode))
    .on('error', reject);
  return promise;
}

/** Processor time of the process so far: what others do on the machine is not in it. */
function usedMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function report(result: CheckReport): void {
  writeSync(REPORT_FD, JSON.stringify(result));
}

try {
  report(await prove());
} catch (thrown) {
  const error = asOutsideImage(thrown);
  if (!(error instanceof FnError)) throw error;
  report({ ok: false, code: error.code, message: error.message, hint: error.hint });
}
process.exit(0);
