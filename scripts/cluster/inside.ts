// Process of the new namespaces: starts the cluster, runs a command and says what both took. It is called by with-cluster.ts.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { imageFolder } from '../store.ts';
import { install } from './install.ts';
import { watchMemory } from './memory.ts';
import { startNode } from './node.ts';
import { STATE } from './places.ts';

/** Ours, and under the names that upstream's strategies have in their texts. */
const BUILDER = 'openfunction/builder-node';
const BUILDER_NAMES = [BUILDER, 'heroku/builder:22', 'paketobuildpacks/builder-jammy-full'];
const RUN_IMAGE = 'openfunction/run-node:24';

const [command = 'true', ...args] = process.argv.slice(2);
const images = new Map(BUILDER_NAMES.map((name) => [name, imageFolder(BUILDER)]));
const memory = watchMemory();
const began = performance.now();
const lap = (what: string): void => console.log(`${((performance.now() - began) / 1000).toFixed(1)} s: ${what}`);
const node = await startNode(images.set(RUN_IMAGE, imageFolder(RUN_IMAGE)));
lap('the node is ready');
await install(node);
lap(`Tekton and Shipwright are available, ${Math.round(await memory.now())} MiB in memory`);
const env = { KUBECONFIG: join(node.certificates, 'admin.kubeconfig') };
const { exitCode = 1 } = await execa(command, args, { env, stdio: 'inherit', reject: false });
memory.stop();
console.log(await readFile(join(STATE, 'report'), 'utf8').catch(() => ''));
lap(`${command} ended, at most ${Math.round(memory.most())} MiB in memory`);
// The components still run: the kernel ends them with the namespaces.
process.exit(exitCode);
