import { FnError } from '../../base/error.ts';
import { decodeManifest, MANIFEST_LABEL, type FunctionManifest } from '../../base/function-manifest.ts';
import { isTable } from '../../base/table.ts';
import { usesEngine, type EngineChoice } from '../engine.ts';
import { findHome } from '../home.ts';
import { needImage } from '../image-store.ts';
import { runProgram } from '../program-run.ts';
import type { Terminal } from '../terminal.ts';

/** What resources say of a function, as its manifest or its project has it. */
export interface ServedFunction extends Pick<FunctionManifest, 'functions' | 'inputs' | 'outputs'> {
  /** The version of the image, or of the project, when it has one. */
  readonly version: string | undefined;
}

/** The function of a folder, as far as its files and these variables of a build say. */
export type FunctionOfFolder = (folder: string, variables: Readonly<Record<string, string>>) => Promise<ServedFunction>;

/** Signatures of which functions are called by requests alone; of others, and where none is known, inputs bring messages. */
const BY_REQUESTS: ReadonlySet<string> = new Set(['http', 'event', 'typed']);

/** Whether messages call a function, and whether requests do. */
export function callersOf({ functions, inputs }: Pick<ServedFunction, 'functions' | 'inputs'>): {
  readonly messages: boolean;
  readonly requests: boolean;
} {
  const byRequests = functions.filter(({ signatureType }) => BY_REQUESTS.has(signatureType));
  const messages = inputs.length > 0 && byRequests.length < functions.length;
  return { messages, requests: !messages || byRequests.length > 0 };
}

/** The function of an image, out of its labels; OFN-IMAGE-MANIFEST when they have none that can be read. */
export async function functionOfImage(
  image: string,
  engine: EngineChoice,
  terminal: Terminal,
): Promise<ServedFunction> {
  const labels = (await usesEngine(engine, terminal))
    ? await engineLabels(image, terminal)
    : (await needImage(image, findHome(terminal.env), { ...terminal, stdout: terminal.stderr })).config.labels;
  const manifest = decodeManifest(labels[MANIFEST_LABEL]);
  if (manifest === undefined) throw noManifest(image);
  return { ...manifest, version: labels['org.opencontainers.image.version'] };
}

async function engineLabels(image: string, terminal: Terminal): Promise<Readonly<Record<string, string>>> {
  const args = ['image', 'inspect', '--format', '{{json .Config.Labels}}', image];
  const { ok, stdout, stderr } = await runProgram('docker', args, terminal);
  if (!ok) {
    throw new FnError(`Couldn't read the image ${image}: ${stderr.trim()}`, {
      code: 'OFN-IMAGE-PULL',
      hint: `Build it, or fetch it with "docker pull ${image}"; --engine none fetches it by itself.`,
    });
  }
  const labels: unknown = JSON.parse(stdout);
  return isTable(labels) ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])) : {};
}

function noManifest(image: string): FnError {
  return new FnError(`Couldn't read what ${image} serves: it has no label ${MANIFEST_LABEL} that can be read.`, {
    code: 'OFN-IMAGE-MANIFEST',
    hint: 'Build it with ofn build, or with the builder openfunction/builder-node, of the version of this ofn.',
  });
}
