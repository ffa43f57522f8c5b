import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeArchitecture } from '../../base/architecture.ts';
import { FnError } from '../../base/error.ts';
import type { PhaseContext } from '../../libcnb/context.ts';

/** The architectures of a build: what runs it, and what the image is for. Both in the spec's terms. */
export interface Architectures {
  readonly builder: string;
  readonly target: string;
}

/** `e_machine` in the header of a program: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [0x3e, 'amd64'],
  [0xb7, 'arm64'],
]);
const HEADER_BYTES = 20;
const MACHINE_AT = 18;
const ELF = Buffer.from('\u007FELF', 'latin1');
const LIBRARY = /\.(?:node|so(?:\.\d+)*)$/;

/** The architectures of a build; a lifecycle that does not say what the image is for makes one for this machine. */
export function architecturesOf(context: PhaseContext, builder: { readonly arch: string }): Architectures {
  return { builder: builder.arch, target: context.target?.arch ?? builder.arch };
}

/** Whether the image is for another architecture than the machine that builds it. */
export function isForeign({ builder, target }: Architectures): boolean {
  return builder !== target;
}

/**
 * Refuses packages whose programs and libraries are all for the machine of the build: they would fail in the image.
 * One that has its twin for the image beside it, as optional packages by architecture have, stays.
 */
export async function refuseForeignCode(
  installed: readonly string[],
  { builder, target }: Architectures,
): Promise<void> {
  const packages = await nativePackages(installed);
  const serves = (name: string): boolean => packages.get(name)?.has(target) === true;
  const twin = (name: string): string => name.replaceAll(nodeArchitecture(builder), nodeArchitecture(target));
  const wrong = [...packages.keys()].filter((name) => !serves(name) && !serves(twin(name))).toSorted();
  if (wrong.length === 0) return;
  throw new FnError(
    `Couldn't build for linux/${target} on linux/${builder}: the native code of ${wrong.join(', ')} is not for ${target}.`,
    {
      code: 'OFN-DEPS-FOREIGN',
      hint: `Build on a linux/${target} machine, or let the project install what it brings for ${target} (npm does so by itself).`,
    },
  );
}

/** Explains why a function can't be booted here, where packages have native code for the image alone. */
export async function explainForeign(
  installed: readonly string[],
  { builder, target }: Architectures,
  error: FnError,
): Promise<FnError> {
  const packages = await nativePackages(installed);
  const names = [...packages].filter(([, machines]) => machines.has(target)).map(([name]) => name);
  if (names.length === 0) return error;
  return new FnError(
    `Couldn't boot the function: this machine is linux/${builder}, and the native code of ${names.toSorted().join(', ')} is for linux/${target}.\n\n${error.message}`,
    {
      code: 'OFN-DEPS-FOREIGN',
      hint: `Build on a linux/${target} machine, or set BP_FUNCTION_CHECK=off to build without booting.`,
      cause: error,
    },
  );
}

/** Packages that have programs or libraries, with the architectures of these. */
async function nativePackages(installed: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const packages = new Map<string, Set<string>>();
  const read = installed.map(async (path) => readdir(path, { recursive: true, withFileTypes: true }).catch(() => []));
  for (const entry of (await Promise.all(read)).flat()) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const machine = await machineOf(path);
    if (machine === undefined) continue;
    const name = packageOf(path);
    packages.set(name, (packages.get(name) ?? new Set()).add(machine));
  }
  return packages;
}

/** The name of the package that a file below node_modules belongs to. */
function packageOf(path: string): string {
  const [first = '', second = ''] = (path.split('/node_modules/').at(-1) ?? path).split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

async function machineOf(path: string): Promise<string | undefined> {
  if (!LIBRARY.test(path) && ((await stat(path)).mode & 0o111) === 0) return undefined;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    if (bytesRead < HEADER_BYTES || !buffer.subarray(0, ELF.length).equals(ELF)) return undefined;
    return MACHINES.get(buffer.readUInt16LE(MACHINE_AT)) ?? 'another';
  } finally {
    await file.close();
  }
}
