// Runs a command in the network of a Kubernetes node that has Tekton, Shipwright and the builder, with KUBECONFIG set:
// `node scripts/with-cluster.ts COMMAND ...`, which may be a shell. Everything that was started ends with it.
import { run } from './command.ts';
import { runInside } from './cluster/namespaces.ts';
import { provideCluster } from './cluster/provide.ts';

if (process.getuid?.() !== 0) throw new Error("Couldn't start the cluster: containers need root. Run it as root.");
// No engine is asked: the cluster takes the builder from the image store.
await run('node', ['scripts/builder.ts'], { env: { DOCKER_HOST: 'unix:///nonexistent' } });
await provideCluster();
process.exitCode = await runInside(process.argv.slice(2));
