import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from './artefact.ts';
import { startDaprd, type Daprd } from './daprd.ts';
import { runFunction, type ServingProcess } from './functions-framework.ts';
import { ownPort } from './own-port.ts';

/** A sample beside its sidecar. */
export interface RunningSample {
  readonly daprd: Daprd;
  readonly serving: ServingProcess;
  /** Publishes to a topic through the sidecar. */
  readonly publish: (component: string, topic: string, payload: unknown, type?: string) => Promise<void>;
}

/** How a sample is run. */
export interface SampleOptions {
  readonly protocol: 'http' | 'grpc';
  /** What its component files say, and what is said instead: where brokers listen, where files go. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** Runs a sample with its own function context beside a sidecar that has the sample's own component files. */
export async function runSample(sample: string, { protocol, instead = {} }: SampleOptions): Promise<RunningSample> {
  const folder = join(ROOT, 'samples', sample);
  const { context, name, files } = readSample(sample, instead);
  const httpPort = await ownPort();
  const env = { FUNC_CONTEXT: context, DAPR_HTTP_PORT: String(httpPort) };
  // A sidecar that comes first looks for the function's gRPC once a second, and refuses messages in between.
  const serving = await runFunction({ folder }, ['--target', name], env);
  const daprd = await startDaprd({ appId: name, appPort: serving.port, appProtocol: protocol, httpPort, files });
  await daprd.waitReady();
  return {
    daprd,
    serving,
    async publish(component, topic, payload, type = 'application/json') {
      const url = `${daprd.url}/v1.0/publish/${component}/${topic}`;
      const body = JSON.stringify(payload);
      const { status } = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
      if (status !== 204) throw new Error(`${url} answered ${status}.`);
    },
  };
}

/** What is in the folder of a sample beside its code. */
interface SampleFiles {
  /** The value of FUNC_CONTEXT, and the function's name in it. */
  readonly context: string;
  readonly name: string;
  /** Its component files, names to texts. */
  readonly files: Readonly<Record<string, string>>;
}

/** Reads a sample, some of what its component files say replaced. */
export function readSample(sample: string, instead: Readonly<Record<string, string>>): SampleFiles {
  const folder = join(ROOT, 'samples', sample);
  const context = readFileSync(join(folder, 'function-context.json'), 'utf8');
  const { name } = JSON.parse(context) as { readonly name: string };
  const files: Record<string, string> = {};
  for (const file of globSync(join(folder, 'components/*.yaml'))) {
    let text = readFileSync(file, 'utf8');
    for (const [said, meant] of Object.entries(instead)) text = text.replaceAll(said, meant);
    files[basename(file)] = text;
  }
  return { context, name, files };
}
