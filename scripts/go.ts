import { join } from 'node:path';
import { ROOT } from './cache.ts';
import { has, read, run } from './command.ts';

const GO = { CGO_ENABLED: '0' };

/** Builds what a go.mod of tools/ pins, for machines without any libraries; `arch` is theirs when it is not this one's. */
export async function goBuild(module: string, args: readonly string[], arch?: string): Promise<void> {
  if (!(await has('go'))) throw new Error(`Couldn't build ${module}: Go is not installed. Install Go 1.26 or later.`);
  console.log(`Building ${module} ...`);
  await run('go', ['build', '-trimpath', ...args], {
    cwd: join(ROOT, 'tools', module),
    env: { ...GO, ...(arch === undefined ? {} : { GOARCH: arch }) },
  });
}

/** The version that a go.mod of tools/ pins, without its `v`. */
export async function pinned(module: string, path: string): Promise<string> {
  const version = await read('go', ['list', '-m', '-f', '{{.Version}}', path], { cwd: join(ROOT, 'tools', module) });
  return version.replace(/^v/, '');
}

/** The folder with the sources of a module that a go.mod of tools/ pins and a build has downloaded. */
export async function sourcesOf(module: string, path: string): Promise<string> {
  return read('go', ['list', '-m', '-f', '{{.Dir}}', path], { cwd: join(ROOT, 'tools', module) });
}

/** The files that say what is built. */
export function filesOf(module: string): string[] {
  return [`tools/${module}/go.mod`, `tools/${module}/go.sum`];
}
