import { join } from 'node:path';
import { CLUSTER } from './programs.ts';

/** The node's address in its own network; nothing outside of it has it. */
export const ADDRESS = '10.250.0.1';

/** The registry of the cluster, which speaks HTTP, and which containerd asks for images of every name. */
export const REGISTRY: string = `${ADDRESS}:5000`;

/** Addresses of services; Kubernetes takes the first one. */
export const SERVICES = { range: '10.96.0.0/16', kubernetes: '10.96.0.1' };

/** Addresses of pods. */
export const PODS = '10.244.0.0/16';

/** What the node of the moment keeps: it is new for each start. */
export const STATE: string = join(CLUSTER, 'node');
