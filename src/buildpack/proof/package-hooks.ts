import { existsSync, readFileSync, realpathSync } from 'node:fs';
import module, { createRequire, registerHooks, type ImportAttributes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInside, isOfPackages } from '../../base/inside.ts';
import { isTable } from '../../base/table.ts';
import { watchFiles } from '../../base/watch-files.ts';
import { importedNames, type ImportedNames } from '../project/imported-names.ts';
import { absenceOf, demandsOf, packageOf, plainSource, subjectOf } from '../project/package-imports.ts';
import { tellObservation } from './observation.ts';
import { demandsOfNames, type WantedNames } from './package-names.ts';
import { createStandIns, type StandIns } from './stand-in.ts';

const SCHEME = 'ofn-stand-in:';

/** An import of a package that is on disk. */
interface FoundImport extends WantedNames {
  readonly how: 'import' | 'require';
  readonly url: string;
  readonly attributes: Record<string, string>;
}

/** The packages of an app. */
export interface WatchedPackages {
  readonly appDir: string;
  /** Demands on packages that an earlier build met. */
  readonly demands: readonly string[];
  /** Whether all are on disk: then what is not found is not there. */
  readonly areOnDisk: boolean;
}

/** What to do once the function is loaded. */
export interface PackageWatch {
  /** Tells which names the packages on disk have, of those that the app's own modules read. Nothing is loaded for it. */
  tellNames(): Promise<void>;
  /** Tells when what is to be served came out of an absent package, also as the handler in a table. */
  tellIfStandIn(served: unknown): void;
}

/**
 * From now on, tells which packages the app's own modules use, and answers an `import` or `require` whose `demands` are
 * all known, and whose package is not on disk, with a stand-in. Only what an earlier build found in the same install gets
 * one, so a missing package stays missing, also where another workspace of the app has it.
 */
export function watchPackages({ demands, appDir, areOnDisk }: WatchedPackages): PackageWatch {
  const known = new Set(demands);
  const folderOf = createFolderFinder(appDir);
  const standIns = createStandIns(known, tellObservation);
  const namesFor = createNamesReader();
  const found: FoundImport[] = [];
  const loaded = new Set<string>();
  Object.defineProperty(globalThis, Symbol.for(SCHEME), { value: standIns });
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (packageOf(specifier) === undefined || !isOfApp(context.parentURL)) return nextResolve(specifier, context);
      const how = context.conditions.includes('import') ? 'import' : 'require';
      const names = namesFor(context.parentURL, specifier, how);
      const subject = subjectOf(how, specifier, folderOf(fileURLToPath(context.parentURL)));
      const wanted = demandsOf(subject, names.named);
      const answer = (): ReturnType<typeof nextResolve> => {
        try {
          const result = nextResolve(specifier, context);
          found.push({ ...names, how, subject, url: result.url, attributes: given(context.importAttributes) });
          return result;
        } catch (error) {
          const unmet = wanted.find((demand) => !known.has(demand));
          if (unmet !== undefined) {
            // It may be caught, and the function goes another way.
            if (areOnDisk) tellObservation({ demand: absenceOf(subject) });
            else tellKnown(known, unmet);
            throw error;
          }
          for (const demand of names.members.map((member) => `${subject} ${member}`)) tellKnown(known, demand);
          const url = urlOfStandIn(subject, exportedNames(names, known, subject));
          return { url, format: how === 'import' ? 'module' : 'commonjs', shortCircuit: true };
        }
      };
      const result = answer();
      for (const demand of wanted) tellObservation({ demand });
      return result;
    },
    load(url, context, nextLoad) {
      loaded.add(url);
      if (!url.startsWith(SCHEME)) return nextLoad(url, context);
      return { format: context.format ?? 'module', source: sourceOfStandIn(url, context.format), shortCircuit: true };
    },
  });
  return watchOf(found, loaded, standIns);
}

function watchOf(found: readonly FoundImport[], loaded: ReadonlySet<string>, standIns: StandIns): PackageWatch {
  return {
    async tellNames() {
      for (const one of found.filter(({ members }) => members.length > 0)) {
        const exports = loaded.has(one.url) ? await exportsOf(one) : undefined;
        for (const demand of demandsOfNames(exports, one)) tellObservation({ demand });
      }
    },
    tellIfStandIn(served) {
      const handler: unknown = isTable(served) ? served['handler'] : served;
      if (standIns.has(handler)) tellObservation({ undecided: 'the function itself' });
    },
  };
}

/**
 * Tells when files of packages are asked for, which are not on disk where there are stand-ins; workspaces, to which links
 * lead, are. It watches in any case: V8 numbers functions, and the numbers are in the code that it compiles.
 */
export function watchPackageFiles({ appDir, areOnDisk }: Omit<WatchedPackages, 'demands'>): void {
  const followLinks = linkFollower();
  const tell = (): void => {
    if (!areOnDisk) tellObservation({ undecided: 'files below node_modules' });
  };
  watchManifests(tell);
  watchFiles((path) => {
    if (isInside(appDir, path) && isOfPackages(path) && isOfPackages(followLinks(path))) tell();
  });
}

/** Tells when the package.json of a package is looked for, which Node.js does without node:fs. */
function watchManifests(tell: () => void): void {
  const { findPackageJSON } = module;
  const watched: typeof findPackageJSON = (specifier, base) => {
    if (packageOf(String(specifier)) !== undefined) tell();
    return findPackageJSON(specifier, base);
  };
  Reflect.set(module, 'findPackageJSON', watched);
}

/** Gives paths with the links of the part that is there followed, by node:fs as it is now. */
function linkFollower(): (path: string) => string {
  const isThere = existsSync;
  const real = realpathSync.native;
  return (path) => {
    let there = path;
    while (!isThere(there)) there = dirname(there);
    return join(real(there), relative(there, path));
  };
}

/** `require` gives none, not even an empty table. */
function given(attributes: ImportAttributes = {}): Record<string, string> {
  const entries = Object.entries(attributes).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, value]],
  );
  return Object.fromEntries(entries);
}

/** A name as the earlier build found it; packages of two versions may give two answers. */
function tellKnown(known: ReadonlySet<string>, demand: string): void {
  const answers = [demand, absenceOf(demand)].filter((answer) => known.has(answer));
  for (const answer of answers) tellObservation({ demand: answer });
  if (answers.length === 0) tellObservation({ unknown: demand });
}

/** What a module that is loaded exports; undefined where it failed. */
async function exportsOf({ how, url, attributes }: FoundImport): Promise<unknown> {
  if (how === 'require') {
    const path = fileURLToPath(url);
    return createRequire(path).cache[path]?.exports;
  }
  try {
    return await import(/* webpackIgnore: true */ url, { with: attributes });
  } catch {
    return undefined;
  }
}

function exportedNames({ named, members }: ImportedNames, known: ReadonlySet<string>, subject: string): string[] {
  const own = members.filter((name) => !name.includes('.') && !known.has(absenceOf(`${subject} ${name}`)));
  return [...new Set([...named, ...own])];
}

function urlOfStandIn(subject: string, names: readonly string[]): string {
  return `${SCHEME}${encodeURIComponent(subject)}?${names.join('&')}`;
}

function sourceOfStandIn(url: string, format: string | null | undefined): string {
  const [encoded = '', query = ''] = url.slice(SCHEME.length).split('?');
  const subject = JSON.stringify(decodeURIComponent(encoded));
  const standIns = `globalThis[Symbol.for(${JSON.stringify(SCHEME)})]`;
  if (format === 'commonjs') return `module.exports = ${standIns}.of(${subject}, '');`;
  const names = query.split('&').filter((name) => name !== '');
  const lines = names.map((name) => `export { ${name === 'default' ? 'd' : 'anything'} as ${name} };`);
  const defaultExport = `${standIns}.of(${subject}, 'default.')`;
  return [`const { anything } = ${standIns};`, `const d = ${defaultExport};`, ...lines].join('\n');
}

function isOfApp(parentUrl: string | undefined): parentUrl is string {
  return parentUrl !== undefined && parentUrl.startsWith('file:') && !parentUrl.includes('/node_modules/');
}

/** Finds the package of the app that a module is of: its folder, relative to the app, or nothing for the app's own. */
function createFolderFinder(appDir: string): (path: string) => string {
  const found = new Map<string, string>();
  const find = (folder: string): string => {
    if (folder === appDir || !isInside(appDir, folder)) return '';
    const known = found.get(folder);
    if (known !== undefined) return known;
    const own = existsSync(join(folder, 'package.json')) ? relative(appDir, folder) : find(dirname(folder));
    found.set(folder, own);
    return own;
  };
  return (path) => find(dirname(path));
}

/** Reads names out of modules, each of which is read once. */
function createNamesReader(): (parentUrl: string, ...of: [string, 'import' | 'require']) => ImportedNames {
  const sources = new Map<string, string>();
  return (parentUrl, specifier, how) => {
    const source = sources.get(parentUrl) ?? sourceOf(parentUrl);
    sources.set(parentUrl, source);
    return importedNames(source, specifier, how);
  };
}

/** Nothing where no module is: `createRequire` takes any path. */
function sourceOf(parentUrl: string): string {
  const path = fileURLToPath(parentUrl);
  try {
    return plainSource(readFileSync(path, 'utf8'), path);
  } catch {
    return '';
  }
}
