import { isLocal } from './image-store.ts';
import { runProgram } from './program-run.ts';
import type { BuildOutcome } from './result.ts';
import type { Terminal } from './terminal.ts';

type ImageFacts = Pick<BuildOutcome, 'id' | 'size' | 'ownSize' | 'unit' | 'place'>;

/** What the Docker engine says of an image it has. */
export async function engineImage(name: string, id: string, terminal: Terminal): Promise<ImageFacts> {
  const facts = '{{.Size}} {{index .Config.Labels "io.buildpacks.lifecycle.metadata"}}';
  const [size, metadata = ''] = await sizeInEngine(name, facts, terminal);
  const runImage = /"runImage":\{[^}]*?"image":"([^"]+)"/.exec(metadata)?.[1];
  const [base] = runImage === undefined ? [] : await sizeInEngine(runImage, '{{.Size}}', terminal);
  return {
    id: { label: 'image id', value: `sha256:${id.replace('sha256:', '')}` },
    size,
    ownSize: size === undefined || base === undefined ? undefined : size - base,
    unit: 'unpacked',
    place: 'the Docker engine',
  };
}

/** What the registry says of an image that pack sent there. */
export async function sentImage(name: string, digest: string, terminal: Terminal): Promise<ImageFacts> {
  const insecure = isLocal(name) ? ['--insecure'] : [];
  const manifest = await dockerSays(['manifest', 'inspect', ...insecure, `${withoutTag(name)}@${digest}`], terminal);
  return {
    id: { label: 'digest', value: digest },
    size: compressedSize(manifest),
    ownSize: undefined,
    unit: 'compressed',
    place: 'its registry',
  };
}

/** The unpacked bytes of an image, and what else the format asks for. */
async function sizeInEngine(name: string, format: string, terminal: Terminal): Promise<readonly [number?, string?]> {
  const answer = await dockerSays(['image', 'inspect', '--format', format, name], terminal);
  const [size, ...rest] = answer.split(' ');
  return answer === '' ? [] : [Number(size), rest.join(' ')];
}

/** What a docker command prints; nothing when it fails, for what is asked here only informs. */
async function dockerSays(args: readonly string[], terminal: Terminal): Promise<string> {
  const { ok, stdout } = await runProgram('docker', args, terminal);
  return ok ? stdout : '';
}

function withoutTag(name: string): string {
  return name.replace(/:[^:/]+$/, '');
}

function compressedSize(manifest: string): number | undefined {
  if (manifest === '') return undefined;
  const { layers = [] }: { layers?: readonly { readonly size: number }[] } = JSON.parse(manifest);
  return layers.length === 0 ? undefined : layers.reduce((sum, { size }) => sum + size, 0);
}
