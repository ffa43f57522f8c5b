import { dump } from 'js-yaml';
import { FnError } from '../base/error.ts';
import { decodeManifest, MANIFEST_LABEL } from '../base/function-manifest.ts';
import { isTable } from '../base/table.ts';
import { usesEngine, type EngineChoice } from './engine.ts';
import { functionResource } from './function-resource.ts';
import { findHome } from './home.ts';
import { needImage } from './image-store.ts';
import { runProgram } from './program-run.ts';
import type { Terminal } from './terminal.ts';

/** The options of `ofn generate function`. */
export interface GenerateOptions {
  readonly name?: string;
  readonly engine: EngineChoice;
}

/** `ofn generate function`: prints the Function resource that serves an image. */
export async function generateFunction(image: string, options: GenerateOptions, terminal: Terminal): Promise<number> {
  const labels = (await usesEngine(options.engine, terminal))
    ? await engineLabels(image, terminal)
    : (await needImage(image, findHome(terminal.env), { ...terminal, stdout: terminal.stderr })).config.labels;
  const manifest = decodeManifest(labels[MANIFEST_LABEL]);
  if (manifest === undefined) throw noManifest(image);
  const version = labels['org.opencontainers.image.version'];
  terminal.stdout.write(dump(functionResource(manifest, { image, name: options.name, version })));
  return 0;
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
