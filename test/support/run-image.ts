import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { HOST_ARCH, STACK } from '../../stack/definition.ts';
import { NPM_CACHE } from './shape.ts';
import { makeFolder } from './workspace.ts';

/** Makes an image out of a Dockerfile and the files beside it; it is gone when the test ends. */
export async function dockerBuild(image: string, dockerfile: string, folder: string = makeFolder()): Promise<void> {
  onTestFinished(async () => void (await execa('docker', ['rmi', '--force', image], { reject: false })));
  await build(image, dockerfile, folder);
}

/** The folder of a version of Node.js, as npm's registry has it. */
async function nodePackage(version: string): Promise<string> {
  const folder = makeFolder();
  const { name } = STACK.node.packages[HOST_ARCH];
  await execa('npm', ['pack', '--silent', `${name}@${version}`, '--cache', NPM_CACHE], { cwd: folder });
  await execa('tar', ['-xzf', readdirSync(folder)[0] ?? ''], { cwd: folder });
  return join(folder, 'package');
}

const RUN_IMAGE = 'openfunction/run-node:24';

/** Gives our run image a name besides, which the test may give to another one; it is gone when the test ends. */
export async function nameRunImage(name: string): Promise<void> {
  onTestFinished(async () => void (await execa('docker', ['rmi', '--force', name], { reject: false })));
  await execa('docker', ['tag', RUN_IMAGE, name]);
}

/**
 * Gives the name of our run image to one with another Node.js and labels besides, as a stack that was patched has the
 * name of the one before.
 */
export async function patchRunImage(
  name: string,
  node: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<void> {
  const all = { ...labels, 'io.openfunction.node.version': node };
  const lines = Object.entries(all).map(([key, value]) => `LABEL ${key}=${value}`);
  const dockerfile = [`FROM ${RUN_IMAGE}`, 'COPY bin/node /usr/local/bin/node', ...lines].join('\n');
  await build(name, dockerfile, await nodePackage(node));
}

/** The ID of an image in the engine. */
export async function idOf(image: string): Promise<string> {
  return (await execa('docker', ['image', 'inspect', '--format', '{{.Id}}', image])).stdout;
}

async function build(image: string, dockerfile: string, folder: string): Promise<void> {
  const args = ['build', '--force-rm', '--quiet', '--tag', image, '--file', '-', folder];
  // Docker's own command has no BuildKit: its plug-in need not be there.
  await execa('docker', args, { input: dockerfile, env: { DOCKER_BUILDKIT: '0' } });
}
