import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FnError } from '../base/error.ts';
import { openLayout, type LayoutImage } from '../oci/layout.ts';
import { layoutPath, parseReference } from '../oci/reference.ts';
import type { Home } from './home.ts';
import { runProgram } from './program-run.ts';
import type { Terminal } from './terminal.ts';

/** Opens an image of the store, fetched from its registry when it is not there. */
export async function needImage(name: string, home: Home, terminal: Terminal): Promise<LayoutImage> {
  const folder = join(home.images, layoutPath(parseReference(name)));
  const present = await openLayout(folder, terminal.arch);
  if (present !== undefined) return present;
  terminal.stdout.write(`Fetching ${name} ...\n`);
  const scratch = `${folder}.part`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  const copied = await runProgram(
    'skopeo',
    ['copy', '--quiet', ...plainHttp(name, 'src'), `docker://${name}`, `oci:${scratch}`],
    terminal.env,
  );
  if (!copied.ok) throw failed('OFN-IMAGE-PULL', `fetch ${name}`, copied.stderr);
  await rm(folder, { recursive: true, force: true });
  await rename(scratch, folder);
  const fetched = await openLayout(folder, terminal.arch);
  if (fetched === undefined) throw failed('OFN-IMAGE-PULL', `fetch ${name}`, 'skopeo left no layout');
  return fetched;
}

/** Sends an image of a layout to the registry in its name, bytes and digest unchanged. */
export async function publishImage(folder: string, name: string, terminal: Terminal): Promise<void> {
  const args = [
    'copy',
    '--quiet',
    '--preserve-digests',
    ...plainHttp(name, 'dest'),
    `oci:${folder}`,
    `docker://${name}`,
  ];
  const copied = await runProgram('skopeo', args, terminal.env);
  if (!copied.ok) throw failed('OFN-IMAGE-PUSH', `send ${name}`, copied.stderr);
}

/** Registries on this machine are spoken to without TLS, as Docker does. */
function plainHttp(name: string, side: 'src' | 'dest'): string[] {
  const local = /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(parseReference(name).registry);
  return local ? [`--${side}-tls-verify=false`] : [];
}

function failed(code: 'OFN-IMAGE-PULL' | 'OFN-IMAGE-PUSH', act: string, output: string): FnError {
  const cause = /msg="((?:[^"\\]|\\.)*)"/.exec(output)?.[1]?.replaceAll('\\"', '"') ?? output.trim();
  return new FnError(`Couldn't ${act}: ${cause}.`, {
    code,
    hint: 'Check the name, the network, and that "skopeo login" or "docker login" knows the registry.',
  });
}
