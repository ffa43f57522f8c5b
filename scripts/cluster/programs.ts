import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE, keyOf, once } from '../cache.ts';
import { filesOf, goBuild, pinned, sourcesOf } from '../go.ts';

/** Where everything of the cluster is built and kept. */
export const CLUSTER: string = join(CACHE, 'cluster');

/** A project out of Go modules: its go.mod in tools/ names its programs as tools. */
interface Project {
  /** The Go module that has the manifests, and whose version is the project's. */
  readonly path: string;
  /** Folders of that module with what is applied to a cluster. */
  readonly manifests: readonly string[];
  /** Variables that programs learn their version from, and what of it. */
  readonly versions: readonly string[];
}

/** The projects by their folder in tools/. */
export const PROJECTS = {
  kubernetes: {
    path: 'k8s.io/kubernetes',
    manifests: [],
    versions: ['k8s.io/component-base/version.gitVersion'],
  },
  tekton: { path: 'github.com/tektoncd/pipeline', manifests: ['config'], versions: [] },
  shipwright: { path: 'github.com/shipwright-io/build', manifests: ['deploy'], versions: [] },
} as const satisfies Record<string, Project>;

/** The name of one. */
export type ProjectName = keyof typeof PROJECTS;

/** Where a project is once it is built: its programs in `bin`, its manifests in folders of their own names. */
export async function placeOfProject(name: ProjectName): Promise<string> {
  return join(CLUSTER, `${name}-${await keyOf(filesOf(name), [JSON.stringify(PROJECTS[name])])}`);
}

/** Builds a project, once. */
export async function buildProject(name: ProjectName): Promise<void> {
  const { path, manifests, versions }: Project = PROJECTS[name];
  await once(await placeOfProject(name), async (scratch) => {
    const bin = join(scratch, 'bin');
    await mkdir(bin);
    const version = await pinned(name, path);
    const stamps = versions.map((variable) => `-X ${variable}=v${version}`);
    await goBuild(name, ['-ldflags', ['-s -w', ...stamps].join(' '), '-o', bin, 'tool']);
    const sources = await sourcesOf(name, path);
    for (const folder of manifests) await cp(join(sources, folder), join(scratch, folder), { recursive: true });
  });
}
