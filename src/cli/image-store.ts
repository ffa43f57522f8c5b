import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import { openLayout, type LayoutImage } from '../oci/layout.ts';
import { parseReference, pullName, storePath } from '../oci/reference.ts';
import type { Home } from './home.ts';
import { runProgram } from './program-run.ts';
import { withScratch } from '../base/scratch.ts';
import type { Terminal } from './terminal.ts';
import { placeLayout } from './workplace.ts';

/** The folder of an image in the store; `foreignArch` is an architecture that is not this machine's. */
export function imageFolder(name: string, home: Home, foreignArch?: string): string {
  return join(home.images, storePath(parseReference(name), foreignArch));
}

/** Opens an image of the store, fetched from its registry when it is not there. */
export async function needImage(
  name: string,
  home: Home,
  terminal: Terminal,
  foreignArch?: string,
): Promise<LayoutImage> {
  const folder = imageFolder(name, home, foreignArch);
  const arch = foreignArch ?? terminal.arch;
  const present = await openLayout(folder, arch);
  if (present !== undefined) return present;
  terminal.stdout.write(`Fetching ${name} ...\n`);
  await withScratch(home.work, 'image', async (scratch) => {
    const layout = join(scratch, 'layout');
    const args = [
      'copy',
      '--quiet',
      '--override-arch',
      arch,
      ...plainHttp(name, 'src'),
      `docker://${pullName(name)}`,
      `oci:${layout}`,
    ];
    const copied = await runProgram('skopeo', args, terminal);
    if (!copied.ok) throw failed('OFN-IMAGE-PULL', `fetch ${name}`, copied.stderr);
    await placeLayout(layout, folder);
  });
  const fetched = await openLayout(folder, arch);
  if (fetched === undefined) throw failed('OFN-IMAGE-PULL', `fetch ${name}`, 'skopeo left no layout');
  return fetched;
}

/** Sends an image of a layout to the registry in its name, bytes and digest unchanged. */
export async function publishImage(folder: string, name: string, home: Home, terminal: Terminal): Promise<void> {
  await withScratch(home.work, 'image', async (scratch) => {
    const layout = join(scratch, 'layout');
    // skopeo takes a colon in a layout's path for the start of a tag.
    await symlink(folder, layout);
    const args = [
      'copy',
      '--quiet',
      '--preserve-digests',
      ...plainHttp(name, 'dest'),
      `oci:${layout}`,
      `docker://${name}`,
    ];
    const copied = await runProgram('skopeo', args, terminal);
    if (!copied.ok) throw failed('OFN-IMAGE-PUSH', `send ${name}`, copied.stderr);
  });
}

/** What the registry says of an image's configuration, as JSON, without fetching its layers. */
export async function configInRegistry(name: string, terminal: Terminal): Promise<string> {
  const secure = isLocal(name) ? ['--tls-verify=false'] : [];
  const platform = ['--override-os', 'linux', '--override-arch', terminal.arch];
  const args = [...platform, 'inspect', '--config', ...secure, `docker://${pullName(name)}`];
  const inspected = await runProgram('skopeo', args, terminal);
  if (inspected.ok) return inspected.stdout;
  throw failed('OFN-IMAGE-PULL', `look into ${name}`, inspected.stderr);
}

/** Whether an image's registry is on this machine: Docker speaks to those without TLS. */
export function isLocal(name: string): boolean {
  return /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(parseReference(name).registry);
}

function plainHttp(name: string, side: 'src' | 'dest'): string[] {
  return isLocal(name) ? [`--${side}-tls-verify=false`] : [];
}

function failed(code: 'OFN-IMAGE-PULL' | 'OFN-IMAGE-PUSH', act: string, output: string): FnError {
  const cause = /msg="((?:[^"\\]|\\.)*)"/.exec(output)?.[1]?.replaceAll('\\"', '"') ?? output.trim();
  return new FnError(`Couldn't ${act}: ${cause}.`, {
    code,
    hint: 'Check the name, the network, and that "skopeo login" or "docker login" knows the registry.',
  });
}
