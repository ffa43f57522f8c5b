import { basename, join } from 'node:path';
import { type Bill, billOf, type Component } from '../src/buildpack/sbom/bill.ts';
import { ROOT } from './cache.ts';
import { read } from './command.ts';

/** A module as `go version -m -json` tells it: https://pkg.go.dev/runtime/debug#Module */
interface GoModule {
  readonly Path: string;
  readonly Version: string;
  readonly Sum?: string;
  readonly Replace?: GoModule;
}

/** What Go wrote into a program that it built: https://pkg.go.dev/runtime/debug#BuildInfo */
interface GoBuildInfo {
  readonly GoVersion: string;
  /** The package of the program. */
  readonly Path: string;
  /** The module that the package is of. */
  readonly Main: GoModule;
  readonly Deps?: readonly GoModule[];
}

/** The bill of a program that was built out of a go.mod of tools/. */
export async function readGoBill(program: string, module: string): Promise<Bill> {
  const info: GoBuildInfo = JSON.parse(await read('go', ['version', '-m', '-json', program]));
  return goBill(info, await read('go', ['mod', 'graph'], { cwd: join(ROOT, 'tools', module) }));
}

/**
 * The modules that are in a program, as the program itself says; who requires whom is read out of `go mod graph`, whose
 * lines are `module@version module@version`.
 */
function goBill(info: GoBuildInfo, graph: string): Bill {
  const modules = [info.Main, ...(info.Deps ?? [])];
  const purls = new Map(modules.map((module) => [module.Path, purlOf(module.Replace ?? module)]));
  const required = Map.groupBy(graph.split('\n'), (line) => line.slice(0, line.indexOf(' ')));
  const standard = standardLibrary(info.GoVersion.replace(/^go/, ''));
  const neededBy = ({ Path, Version }: GoModule): string[] => {
    const paths = (required.get(`${Path}@${Version}`) ?? []).map((line) => /^\S+ ([^@]+)/.exec(line)?.[1] ?? '');
    return [standard.purl, ...paths.flatMap((path) => purls.get(path) ?? [])];
  };
  const components = modules.map((module) => componentOf(module.Replace ?? module, neededBy(module)));
  const name = basename(info.Path);
  const main = purlOf(info.Main);
  return billOf({ name, version: info.Main.Version, license: undefined, dependsOn: [main] }, [standard, ...components]);
}

function standardLibrary(version: string): Component {
  const cpe = `cpe:2.3:a:golang:go:${version}:*:*:*:*:*:*:*`;
  return { ...componentOf({ Path: 'stdlib', Version: version }, []), license: 'BSD-3-Clause', cpe };
}

function componentOf(module: GoModule, dependsOn: readonly string[]): Component {
  return {
    purl: purlOf(module),
    kind: 'library',
    name: module.Path,
    version: module.Version,
    scope: 'production',
    license: undefined,
    // The hash of a module's files, in the place that other tools for Go give it.
    integrity: module.Sum?.replace(/^h1:/, 'sha256-'),
    source: undefined,
    places: [],
    dependsOn,
  };
}

/** Names of Go are in lower case: https://github.com/package-url/purl-spec/blob/main/types-doc/golang-definition.md */
function purlOf({ Path, Version }: GoModule): string {
  const name = Path.split('/').map(encodeURIComponent).join('/').toLowerCase();
  return `pkg:golang/${name}@${encodeURIComponent(Version)}`;
}
