import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kubectl } from '../../../scripts/cluster/kubectl.ts';
import { STATE } from '../../../scripts/cluster/places.ts';

/** How a BuildRun ended. */
export interface BuildResult {
  readonly succeeded: boolean;
  /** What all its containers printed. */
  readonly log: string;
  /** What its status says of a failure: nothing, unless it failed. */
  readonly failure: { readonly reason: string | undefined; readonly message: string | undefined };
  /** Of the image, as its status says. */
  readonly digest: string | undefined;
}

/** https://shipwright.io/docs/ref/api/build/ */
interface BuildRun {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly output?: { readonly digest?: string };
    readonly failureDetails?: { readonly reason?: string; readonly message?: string };
  };
}

/** How a BuildRun names its Build, by the version of Shipwright's interface: OpenFunction speaks the older one. */
const REFERENCES = { v1beta1: 'build', v1alpha1: 'buildRef' } as const;

/** Runs a Build of Shipwright to its end, and notes how long that took as `what` in the report of the cluster. */
export async function runBuild(
  kubectl: Kubectl,
  build: string,
  what: string,
  version: keyof typeof REFERENCES = 'v1beta1',
): Promise<BuildResult> {
  const began = performance.now();
  const wanted = {
    apiVersion: `shipwright.io/${version}`,
    kind: 'BuildRun',
    metadata: { generateName: `${build}-` },
    spec: { [REFERENCES[version]]: { name: build } },
  };
  const name = await kubectl(['create', '--filename=-', '--output=name'], JSON.stringify(wanted));
  await kubectl(['wait', name, '--for=jsonpath={.status.completionTime}', '--timeout=300s']);
  await note(what, began);
  const { metadata, status }: BuildRun = JSON.parse(await kubectl(['get', name, '--output=json']));
  const pods = [`--selector=buildrun.shipwright.io/name=${metadata.name}`, '--all-containers', '--tail=-1'];
  return {
    succeeded: status.conditions.some(({ type, status }) => type === 'Succeeded' && status === 'True'),
    log: await kubectl(['logs', ...pods]),
    failure: { reason: status.failureDetails?.reason, message: status.failureDetails?.message },
    digest: status.output?.digest,
  };
}

/** Adds a line to what the cluster prints at its end: how long something took that began at `began`. */
export async function note(what: string, began: number): Promise<void> {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  await appendFile(join(STATE, 'report'), `${seconds.padStart(6)} s  ${what}\n`);
}
