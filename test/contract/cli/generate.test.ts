import { join } from 'node:path';
import { execa } from 'execa';
import { FAILSAFE_SCHEMA, load, loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { artefact } from '../../support/artefact.ts';
import { storeOf } from '../../support/image-store.ts';
import { faultsOfResource } from '../../support/kubernetes-schema.ts';
import { layoutOf, tarOf } from '../../support/layout.ts';
import { makeFolder } from '../../support/workspace.ts';

const MANIFEST = {
  schemaVersion: 1,
  functions: [{ name: 'onOrder', signatureType: 'openfunction' }],
  exports: ['onOrder'],
  inputs: [{ name: 'created', component: 'shop', topic: 'orders' }],
  outputs: [],
  runtime: { framework: '1.0.0', node: '24.21.0' },
};

/** Runs ofn where its image store has one image with these labels, and no engine is asked. */
async function generate(labels: Record<string, string>, ...args: string[]) {
  const layout = layoutOf([await tarOf({ 'hello.txt': 'hello' })], () => {}, labels);
  const cache = storeOf('me/hello:1', layout);
  const command = ['generate', 'function', 'me/hello:1', '--engine', 'none', ...args];
  return ofn(cache, command);
}

function ofn(home: string, command: readonly string[], cwd: string = home) {
  const env = { PATH: process.env['PATH'], HOME: home, OFN_CACHE_DIR: home };
  const options = { cwd, env, extendEnv: false, reject: false } as const;
  return execa('node', [artefact('dist/cli/index.js'), ...command], options);
}

/** Runs ofn in a folder of a git repository, or of none. */
async function generateInProject(remote: string | undefined, ...args: string[]) {
  const root = makeFolder({
    'functions/hello/index.js': 'exports.hello = () => {};',
    'functions/hello/func.toml': '[openfunction]\nname = "hello"\n',
    'functions/hello/package.json': '{"version": "1.2.3"}',
  });
  if (remote !== undefined) {
    await execa('git', ['init', '--quiet', root]);
    await execa('git', ['-C', root, 'remote', 'add', 'origin', remote]);
  }
  const { stdout, stderr, exitCode } = await ofn(root, ['generate', ...args], join(root, 'functions/hello'));
  return { stdout, stderr: stderr.replaceAll(root, '<root>'), exitCode };
}

test('ofn generate function prints the Function resource of an image', async () => {
  const labels = {
    'io.openfunction.function': JSON.stringify(MANIFEST),
    'org.opencontainers.image.version': '1.2.3',
  };
  const { stdout, exitCode } = await generate(labels, '--name', 'orders');
  expect(stdout).toMatchInlineSnapshot(`
    "apiVersion: core.openfunction.io/v1beta2
    kind: Function
    metadata:
      name: orders
    spec:
      version: v1.2.3
      image: me/hello:1
      serving:
        triggers:
          dapr:
            - name: shop
              topic: orders
              inputName: created
        template:
          containers:
            - name: function
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop:
                    - ALL
                readOnlyRootFilesystem: true
                runAsNonRoot: true
                seccompProfile:
                  type: RuntimeDefault"
  `);
  expect(exitCode).toBe(0);
  expect(load(stdout, { schema: FAILSAFE_SCHEMA })).toMatchObject({ kind: 'Function', metadata: { name: 'orders' } });
});

test('an image without a manifest is refused', async () => {
  const { stdout, stderr, exitCode } = await generate({});
  expect({ stdout, stderr, exitCode }).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "stderr": "ERROR [OFN-IMAGE-MANIFEST] Couldn't read what me/hello:1 serves: it has no label io.openfunction.function that can be read.

    Build it with ofn build, or with the builder openfunction/builder-node, of the version of this ofn.",
      "stdout": "",
    }
  `);
});

test.each([
  ['https://me:p@ss@git.example.com/me/repo.git', 'https://git.example.com/me/repo.git'],
  ['ssh://me:p@ss@git.example.com/me/repo.git', 'ssh://me@git.example.com/me/repo.git'],
  ['git@git.example.com:me/repo.git', 'git@git.example.com:me/repo.git'],
])('of the remote %s no password is printed', async (remote, url) => {
  const { stdout } = await generateInProject(remote, 'build', 'registry.example.com/me/hello:1');
  expect(stdout).toContain(`url: ${url}\n`);
  expect(stdout).not.toContain('ss@');
});

test('ofn generate build prints a Build of the folder, and a BuildRun', async () => {
  const image = 'registry.example.com/me/hello:1';
  const args = [
    'build',
    image,
    '--env',
    'NODE_OPTIONS=--title=a',
    '--cache',
    'hello-cache',
    '--registry-secret',
    'reg',
  ];
  const { stdout, exitCode } = await generateInProject('https://token:secret@git.example.com/me/repo.git', ...args);
  expect(stdout).toMatchInlineSnapshot(`
    "apiVersion: shipwright.io/v1beta1
    kind: Build
    metadata:
      name: hello
    spec:
      source:
        type: Git
        git:
          url: https://git.example.com/me/repo.git
        contextDir: functions/hello
      strategy:
        name: openfunction-node
        kind: ClusterBuildStrategy
      paramValues:
        - name: builder-image
          value: openfunction/builder-node
      env:
        - name: NODE_OPTIONS
          value: --title=a
      volumes:
        - name: cache
          persistentVolumeClaim:
            claimName: hello-cache
      output:
        image: registry.example.com/me/hello:1
        pushSecret: reg
    ---
    apiVersion: shipwright.io/v1beta1
    kind: BuildRun
    metadata:
      name: hello-1
    spec:
      build:
        name: hello"
  `);
  expect(exitCode).toBe(0);
  expect(loadAll(stdout).flatMap(faultsOfResource)).toEqual([]);
});

test('ofn generate function --source prints a Function that OpenFunction builds', async () => {
  const args = ['function', 'me/hello:1', '--source', '.', '--revision', 'v1', '--strategy', 'openfunction'];
  const { stdout } = await generateInProject('git@git.example.com:me/repo.git', ...args, '--env', 'NOTE=a b');
  expect(stdout).toMatchInlineSnapshot(`
    "apiVersion: core.openfunction.io/v1beta2
    kind: Function
    metadata:
      name: hello
    spec:
      version: v1.2.3
      image: me/hello:1
      build:
        builder: openfunction/builder-node
        env:
          FUNC_ENV_B64URL: eyJOT1RFIjoiYSBiIn0
        srcRepo:
          url: git@git.example.com:me/repo.git
          revision: v1
          sourceSubPath: functions/hello
        shipwright:
          strategy:
            name: openfunction
            kind: ClusterBuildStrategy
      serving:
        triggers:
          http:
            port: 8080
        template:
          containers:
            - name: function
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop:
                    - ALL
                readOnlyRootFilesystem: true
                runAsNonRoot: true
                seccompProfile:
                  type: RuntimeDefault"
  `);
  expect(faultsOfResource(load(stdout))).toEqual([]);
});

test('ofn generate knative prints a Service of Knative', async () => {
  const { stdout } = await generateInProject(undefined, 'knative', 'me/hello:1', '--source', '.');
  expect(stdout).toMatchInlineSnapshot(`
    "apiVersion: serving.knative.dev/v1
    kind: Service
    metadata:
      name: hello
    spec:
      template:
        spec:
          containers:
            - name: function
              image: me/hello:1
              ports:
                - name: http1
                  containerPort: 8080
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop:
                    - ALL
                readOnlyRootFilesystem: true
                runAsNonRoot: true
                seccompProfile:
                  type: RuntimeDefault"
  `);
  expect(faultsOfResource(load(stdout))).toEqual([]);
});

test('a folder that is in no repository is refused, unless its address is given', async () => {
  expect(await generateInProject(undefined, 'build', 'me/hello:1')).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "stderr": "ERROR [OFN-CLI-ARGUMENT] Couldn't say where a cluster gets <root>/functions/hello from: git knows no remote "origin" of it.

    Give the address of its repository with --git-url.",
      "stdout": "",
    }
  `);
  const { stdout } = await generateInProject(
    undefined,
    'build',
    'me/hello:1',
    '--git-url',
    'https://git.example.com/x',
  );
  expect(stdout).toContain('url: https://git.example.com/x');
});

test.each(['/srv/git/x.git', '../x.git', 'file:///srv/git/x.git'])('the remote %s is on no cluster', async (remote) => {
  const { stderr } = await generateInProject(remote, 'build', 'me/hello:1');
  expect(stderr).toContain(`${remote} is only on this machine.\n\nGive the address of its repository with --git-url.`);
});

test('an image is pinned by its digest where it is served, and not where it is built', async () => {
  const image = `me/hello:1@sha256:${'0a'.repeat(32)}`;
  const { stdout } = await generateInProject(undefined, 'knative', image, '--source', '.');
  expect(stdout).toContain(`image: ${image}\n`);
  expect((await generateInProject(undefined, 'build', image)).stderr).toContain('Leave it out: me/hello:1.');
});

test('a source that is no folder is refused', async () => {
  const { stderr } = await generateInProject(undefined, 'knative', 'me/hello:1', '--source', 'nowhere');
  expect(stderr).toMatchInlineSnapshot(`
    "ERROR [OFN-CLI-ARGUMENT] Couldn't read the function: "nowhere" is not a folder.

    Give the folder of the function with --source."
  `);
});

test('ofn generate openapi describes what requests call', async () => {
  const functions = [{ name: 'orders', signatureType: 'typed', input: { type: 'object' } }];
  const labels = { 'io.openfunction.function': JSON.stringify({ ...MANIFEST, functions, inputs: [] }) };
  const layout = layoutOf([await tarOf({ 'hello.txt': 'hello' })], () => {}, labels);
  const cache = storeOf('me/hello:1', layout);
  const { stdout, exitCode } = await ofn(cache, ['generate', 'openapi', 'me/hello:1', '--engine', 'none']);
  expect(exitCode).toBe(0);
  expect(load(stdout)).toMatchObject({
    openapi: '3.1.1',
    info: { title: 'orders' },
    paths: { '/': { post: { operationId: 'orders' } } },
    components: { schemas: { 'orders.input': { type: 'object' } } },
  });
});
