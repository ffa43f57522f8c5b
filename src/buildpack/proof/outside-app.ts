import { join, relative, resolve } from 'node:path';
import { FnError } from '../../base/error.ts';
import { isInside } from '../../base/inside.ts';
import { isFile } from '../../base/path-kind.ts';
import type { PackageJson } from '../project/package-json.ts';
import { findWorkspaceRoot } from '../project/workspace-root.ts';

/** Where a project is. */
export interface ProjectPlace {
  /** Folder of package.json and the lock file. */
  readonly projectDir: string;
  /** The folder that becomes the image's; the build may see others around it. */
  readonly appDir: string;
}

/** Where else to build, in the words of the platforms. */
const BUILD_THERE = '(OpenFunction: a shorter sourceSubPath, or none; pack: --path)';

/**
 * Refuses a project whose install would need, or make, what lies outside of its folder: OFN-DEPS-OUTSIDE. The image has
 * the app's folder and nothing beside it.
 */
export async function refuseOutside(place: ProjectPlace, packageJson: PackageJson): Promise<void> {
  const root = await findWorkspaceRoot(place.projectDir);
  if (root !== undefined) throw isWorkspace(place, root);
  const hasSiblings = hasWorkspaces(packageJson) || isFile(join(place.projectDir, 'pnpm-workspace.yaml'));
  for (const [name, range] of Object.entries(packageJson.dependencies)) {
    if (leadsOut(place, range)) throw liesOutside(name, range);
    if (range.startsWith('workspace:') && !hasSiblings) throw isSibling(name, range);
  }
}

/** Whether a manifest lists folders that are one project with it. */
export function hasWorkspaces({ raw }: PackageJson): boolean {
  return raw['workspaces'] !== undefined;
}

function leadsOut({ appDir, projectDir }: ProjectPlace, range: string): boolean {
  const path = /^(?:(?:file|link|portal):)?(\.\.(?:\/.*)?)$/.exec(range)?.[1];
  return path !== undefined && !isInside(appDir, resolve(projectDir, path));
}

function isWorkspace({ appDir, projectDir }: ProjectPlace, root: string): FnError {
  const sub = relative(root, projectDir);
  const act = "Couldn't install dependencies";
  if (isInside(appDir, root)) {
    const rest = `the packages and the lock file of all are in ${relative(appDir, root) || 'the root of the app'}`;
    return new FnError(`${act}: ${relative(appDir, projectDir)} is a workspace, and ${rest}.`, {
      code: 'OFN-DEPS-OUTSIDE',
      hint: `Leave BP_NODE_PROJECT_PATH out, and name the function with FUNC_SRC=${relative(appDir, projectDir)}.`,
    });
  }
  const up = relative(appDir, root);
  const rest = `whose packages and lock file lie outside of the app's folder`;
  return new FnError(`${act}: the app is the workspace ${sub} of the project in ${up}, ${rest}.`, {
    code: 'OFN-DEPS-OUTSIDE',
    hint: `Build from ${up} ${BUILD_THERE} and name the function with FUNC_SRC=${sub}.`,
  });
}

function isSibling(name: string, range: string): FnError {
  return new FnError(`Couldn't install ${name}: "${range}" in package.json is a workspace, and the app has none.`, {
    code: 'OFN-DEPS-OUTSIDE',
    hint: `Build from the folder that has the workspaces ${BUILD_THERE} and name the function with FUNC_SRC.`,
  });
}

function liesOutside(name: string, range: string): FnError {
  return new FnError(`Couldn't install ${name}: "${range}" in package.json lies outside of the app's folder.`, {
    code: 'OFN-DEPS-OUTSIDE',
    hint: `Build from the folder that holds both ${BUILD_THERE} and name the function with FUNC_SRC, or install the package from a registry or as a tarball inside the app.`,
  });
}
