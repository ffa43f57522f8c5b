import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GIT, imageOfProgram } from './images.ts';
import type { Node } from './node.ts';
import { REGISTRY } from './places.ts';
import { placeOfProject } from './programs.ts';

/** What of Tekton's `config` is installed: its controller and webhook, no resolvers, no scaling. */
const TEKTON = [
  '100-namespace/*.yaml',
  '200-*.yaml',
  '201-*.yaml',
  '300-crds/*.yaml',
  'clusterrole-aggregate-*.yaml',
  'config-*.yaml',
  '500-webhooks.yaml',
  'controller.yaml',
  'webhook.yaml',
];
const SHIPWRIGHT = ['[1-7]*.yaml', 'clusterrole*.yaml', 'crds/*.yaml'];

/** What Tekton injects into pods, within the Pod Security Standard "restricted": docs/kubernetes.md. */
const RESTRICTED_TEKTON = { data: { 'set-security-context': 'true' } };
/** Shipwright's own step that gets the source, likewise: its default without what "restricted" asks for. */
const RESTRICTED_SHIPWRIGHT = {
  // Its image has no ssh: the repositories of tests are served by git.
  command: ['/ko-app/git', '--skip-validation'],
  env: [{ name: 'HOME', value: '/shared-home' }],
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsGroup: 1000,
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

/** The certificate of Shipwright's webhook, which in a cluster something like cert-manager makes. */
const WEBHOOK_CERTIFICATE = 'shipwright-build-webhook-cert';
const CONVERTED = ['builds', 'buildruns', 'buildstrategies', 'clusterbuildstrategies'];

/** Installs Tekton Pipelines and Shipwright Build, and waits until they are there. */
export async function install({ kubectl, certificates }: Node): Promise<void> {
  const apply = async (manifests: string): Promise<string> =>
    kubectl(['apply', '--server-side', '--filename=-'], manifests);
  await apply(await manifestsOf(join(await placeOfProject('tekton'), 'config'), TEKTON));
  const flags = ['patch', 'configmap', 'feature-flags', '--patch', JSON.stringify(RESTRICTED_TEKTON)];
  await kubectl(['--namespace=tekton-pipelines', ...flags]);
  await apply(await manifestsOf(join(await placeOfProject('shipwright'), 'deploy'), SHIPWRIGHT));
  const template = `GIT_CONTAINER_TEMPLATE=${JSON.stringify(RESTRICTED_SHIPWRIGHT)}`;
  await kubectl(['--namespace=shipwright-build', 'set', 'env', 'deployment/shipwright-build-controller', template]);
  const file = (name: string): string => join(certificates, name);
  const secret = ['--namespace=shipwright-build', 'create', 'secret', 'tls', WEBHOOK_CERTIFICATE];
  const identity = [`--cert=${file('shipwright-webhook.crt')}`, `--key=${file('shipwright-webhook.key')}`];
  await kubectl([...secret, ...identity]);
  const caBundle = await readFile(file('ca.crt'), 'base64');
  const trust = JSON.stringify({ spec: { conversion: { webhook: { clientConfig: { caBundle } } } } });
  for (const name of CONVERTED) await kubectl(['patch', 'crd', `${name}.shipwright.io`, '--patch', trust]);
  for (const namespace of ['tekton-pipelines', 'shipwright-build']) {
    const wait = ['wait', 'deployment', '--all', '--for=condition=Available', '--timeout=180s'];
    await kubectl([`--namespace=${namespace}`, ...wait]);
  }
}

/** The text of some files, those of each pattern in the order of their names, with images of this cluster's registry. */
async function manifestsOf(folder: string, patterns: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const pattern of patterns) {
    const files: string[] = [];
    for await (const file of glob(pattern, { cwd: folder })) files.push(file);
    for (const file of files.toSorted()) texts.push(await readFile(join(folder, file), 'utf8'));
  }
  return (
    texts
      .join('\n---\n')
      .replaceAll(/ko:\/\/([a-z0-9./-]+)/g, (_all, path: string) => `${REGISTRY}/${imageOfProgram(path)}:latest`)
      // Tekton wants a shell for a user other than root.
      .replaceAll(/cgr\.dev\/chainguard\/busybox@sha256:[0-9a-f]+/g, `${REGISTRY}/${GIT}:latest`)
  );
}
