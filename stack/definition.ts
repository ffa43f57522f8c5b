import { readFileSync } from 'node:fs';
import { arch } from 'node:process';
import definition from './stack.json' with { type: 'json' };

/** An architecture as OCI, Go and Debian all name it. */
export type Arch = keyof typeof definition.node.packages;

/** All of them. */
export const ARCHITECTURES: readonly Arch[] = ['amd64', 'arm64'];

/** The numbers and names of the stack: stack/stack.json. */
export const STACK = definition;

/** The architecture of this machine. */
export const HOST_ARCH: Arch = arch === 'arm64' ? 'arm64' : 'amd64';

/** Seconds since 1970 that stand in for every time stamp in the images. */
export const EPOCH: number = Date.parse(definition.released) / 1000;

/** The packages listed in a file of this folder. */
export function packagesIn(file: 'build.packages' | 'run.packages'): string[] {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}
