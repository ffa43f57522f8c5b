import { isTable } from '../base/table.ts';
import { openLayout } from '../oci/layout.ts';
import { parseReference } from '../oci/reference.ts';
import type { Home } from './home.ts';
import { configInRegistry, imageFolder } from './image-store.ts';
import { runProgram } from './program-run.ts';
import type { Terminal } from './terminal.ts';

/** The labels of an image. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** The labels of an OCI layout; none where it has no image for this machine's architecture. */
export async function labelsOfLayout(folder: string, { arch }: Terminal): Promise<Labels> {
  return (await openLayout(folder, arch))?.config.labels ?? {};
}

/** The labels of an image: the engine's where it has it, else those of the layout in the store, else the registry's. */
export async function labelsOfImage(
  name: string,
  { withEngine, home }: { readonly withEngine: boolean; readonly home: Home },
  terminal: Terminal,
): Promise<Labels> {
  parseReference(name);
  const inEngine = withEngine ? await labelsInEngine(name, terminal) : undefined;
  if (inEngine !== undefined) return inEngine;
  const stored = await openLayout(imageFolder(name, home), terminal.arch);
  return stored?.config.labels ?? labelsOfConfig(JSON.parse(await configInRegistry(name, terminal)));
}

async function labelsInEngine(name: string, terminal: Terminal): Promise<Labels | undefined> {
  const args = ['image', 'inspect', '--format', '{{json .Config.Labels}}', name];
  const { ok, stdout } = await runProgram('docker', args, terminal);
  return ok ? textsOf(JSON.parse(stdout)) : undefined;
}

function labelsOfConfig(file: unknown): Labels {
  const config = isTable(file) ? file['config'] : undefined;
  return textsOf(isTable(config) ? config['Labels'] : undefined);
}

function textsOf(labels: unknown): Labels {
  if (!isTable(labels)) return {};
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));
}
