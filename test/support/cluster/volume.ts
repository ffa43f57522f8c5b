import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { STATE } from '../../../scripts/cluster/places.ts';
import type { Namespace } from './namespace.ts';

/** Makes a volume for a claim of a namespace, and gives its folder: the cluster makes none. Who may mount the claim may write to it. */
export async function provideVolume({ name, kubectl, apply }: Namespace, claim: string): Promise<string> {
  const path = join(STATE, 'volumes', name);
  await mkdir(path, { recursive: true });
  await chmod(path, 0o777);
  const spec = {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    claimRef: { namespace: name, name: claim },
    hostPath: { path },
  };
  await apply({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name }, spec });
  onTestFinished(async () => {
    await kubectl(['delete', 'persistentvolume', name, '--wait=false']);
  });
  return path;
}
