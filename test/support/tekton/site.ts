import { chmodSync } from 'node:fs';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { startRegistry } from '../../../scripts/registry.ts';
import { imageFolder } from '../../../scripts/store.ts';
import { startAcme } from '../acme.ts';
import { startContainer } from '../container.ts';
import { changeSource, removeFromEngine } from '../image.ts';
import { dockerConfig, HTPASSWD, LOGIN } from '../image-login.ts';
import { startRegistry as startNpmRegistry } from '../registry.ts';
import { json } from '../shape.ts';
import { makeFolder } from '../workspace.ts';

/** A registry that asks for a name and a password, as a cluster's builds meet it. */
export interface BuildSite {
  /** Where our run image is in it. */
  readonly runImage: string;
  /** Where a build's image goes. */
  readonly image: string;
  /** What Tekton hands to steps: the text of Docker's config.json. */
  readonly credentials: string;
  /** The digest of the image that is there. */
  digest(): Promise<string>;
  /** Labels of the image that is there. */
  labels(): Promise<Readonly<Record<string, string>>>;
  /** Pulls the image, runs it as a user it doesn't know on a read-only root, and calls it; gives its answer. */
  answer(): Promise<string>;
}

const RUN_IMAGE = 'openfunction/run-node:24';
const TOKEN = 'a-token-of-a-test';
/** What the function answers. */
export const ANSWER = 'hello from a cluster';
const PACKAGES = [{ name: '@acme/greeting', files: { 'index.js': `module.exports = '${ANSWER}';\n` } }];
const APP = {
  'package.json': json({ name: 'app', private: true, dependencies: { '@acme/greeting': '1.0.0' } }),
  'index.js': "exports.hello = (req, res) => res.end(require('@acme/greeting'));\n",
};

/** Starts such a registry with our run image in it, until the test ends. */
export async function startBuildSite(): Promise<BuildSite> {
  const registry = await startRegistry(HTPASSWD);
  onTestFinished(() => registry.stop());
  const runImage = `${registry.address}/${RUN_IMAGE}`;
  const from = `oci:${imageFolder(RUN_IMAGE)}`;
  await skopeo(['copy', '--quiet', '--dest-tls-verify=false', '--dest-creds', LOGIN, from, `docker://${runImage}`]);
  const image = `${registry.address}/me/hello:1`;
  const credentials = dockerConfig(registry.address);
  const inspect = async (): Promise<{ Digest: string; Labels: Record<string, string> }> =>
    JSON.parse(await skopeo(['inspect', '--tls-verify=false', '--creds', LOGIN, `docker://${image}`]));
  return {
    runImage,
    image,
    credentials,
    digest: async () => (await inspect()).Digest,
    labels: async () => (await inspect()).Labels,
    async answer() {
      onTestFinished(() => removeFromEngine(image));
      await execa('docker', ['--config', makeFolder({ 'config.json': credentials }), 'pull', '--quiet', image]);
      const { url } = await startContainer(image, '12345:54321');
      return (await fetch(url)).text();
    },
  };
}

async function skopeo(args: readonly string[]): Promise<string> {
  return (await execa('skopeo', args)).stdout;
}

/** The sources of a build, with the variables that it takes besides. */
export interface Sources {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A function that says what a package of a private registry says, as the step that fetches sources leaves it: a clone
 * with its history. The token comes by a variable.
 */
export async function cloneOfApp(): Promise<Sources> {
  const { url, key, authority } = await startNpmRegistry(TOKEN, PACKAGES);
  const npmrc = `@acme:registry=${url}\n${key}:_authToken=\${NPM_TOKEN}\ncafile=authority.pem\n`;
  const folder = makeFolder({ ...APP, '.npmrc': npmrc, 'authority.pem': authority });
  await commit(folder);
  return { folder, env: { NPM_TOKEN: TOKEN } };
}

/** The same function, which gets at the registry by service bindings in a folder. */
export async function cloneOfBoundApp(): Promise<{ readonly folder: string; readonly bindings: string }> {
  const bindings = makeFolder((await startAcme(PACKAGES)).bindings);
  // Who builds is another user than the one who tests.
  chmodSync(bindings, 0o755);
  const folder = makeFolder(APP);
  await commit(folder);
  return { folder, bindings };
}

/** Changes the function's file in such a clone, and commits it. */
export async function changeApp(folder: string): Promise<void> {
  changeSource(folder, 'index.js', '// changed\n');
  await commit(folder);
}

async function commit(folder: string): Promise<void> {
  const git = async (...args: string[]) => execa('git', args, { cwd: folder });
  await git('init', '--quiet');
  await git('add', '.');
  await git('-c', 'user.name=me', '-c', 'user.email=me@example.com', 'commit', '--quiet', '--message', 'Change');
}
