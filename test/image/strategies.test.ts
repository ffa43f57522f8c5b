import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/artefact.ts';
import { dockerBuild } from '../support/run-image.ts';
import { completeTask, runTask } from '../support/tekton/run-task.ts';
import { ANSWER, changeApp, cloneOfApp, startBuildSite, type BuildSite } from '../support/tekton/site.ts';
import { readStrategy } from '../support/tekton/strategy.ts';
import { taskOf, type Task } from '../support/tekton/task.ts';

const BUILDER = 'openfunction/builder-node';
const BASH = 'ofn-test-bash';
/** What the lifecycle prints of dependencies that stay where they are, in the registry. */
const REUSED = "Reusing layer 'openfunction/node-function:modules'";

/** What the stock strategy takes for docker.io/library/bash: its program is not where Debian's is, and root runs it. */
const BASH_IMAGE = `FROM openfunction/build-node:24
USER 0:0
RUN ln /bin/bash /usr/local/bin/bash
`;

const stock = (name: string) => readStrategy(join(ROOT, `test/fixtures/strategies/${name}.yaml`));

/** A build by OpenFunction with `spec.build.env`, which its controller makes one text of. */
function openFunctionTask(site: BuildSite, env: Readonly<Record<string, string>>): Task {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}#`);
  const params = { BASH_IMAGE: BASH, RUN_IMAGE: site.runImage, ENV_VARS: variables.join('') };
  return taskOf({ strategy: stock('openfunction'), output: { image: site.image }, builder: BUILDER, params });
}

/** Variables in the one that every platform hands on as it is. */
function encoded(env: Readonly<Record<string, string>>): Record<string, string> {
  return { FUNC_ENV_B64URL: Buffer.from(JSON.stringify(env)).toString('base64url') };
}

/** Labels that a build's variables ask for, by their names there. */
function ownLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const prefix = 'io.openfunction.label.';
  const own = Object.entries(labels).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

test("OpenFunction's stock strategy builds a function, and builds it again from its image alone", async () => {
  await dockerBuild(BASH, BASH_IMAGE);
  const site = await startBuildSite();
  const source = await cloneOfApp();
  const around = { source: source.folder, credentials: site.credentials };
  const damaged = { HOOK_URL: 'https://example.com?a=b', APP_SETTINGS: '{"a":1}', APP_BUILD: 'npm run build' };
  const changed = { FUNC_LABEL_CUT: 'a#b', FUNC_LABEL_RAN: '$(id -u)', FUNC_LABEL_NONE: '' };
  const plain = { ...source.env, ...damaged, ...changed, FUNC_NAME: 'hello', FUNC_TYPE: 'http' };
  const first = await completeTask(openFunctionTask(site, plain), around);
  for (const name of Object.keys(damaged))
    expect(first.output).toContain(`${name} may have been damaged on its way here`);
  expect(ownLabels(await site.labels())).toEqual({ cut: 'a', ran: '0' });
  expect(first.results).toEqual({ 'shp-image-digest': await site.digest() });

  await changeApp(source.folder);
  const label = `it's "a" > b & $(id -u) #1 c=d=e`;
  const exact = encoded({ ...source.env, FUNC_NAME: 'hello', FUNC_LABEL_NOTE: label });
  const second = await completeTask(openFunctionTask(site, exact), around);
  expect(second.output).toContain(REUSED);
  expect(second.results).toEqual({ 'shp-image-digest': await site.digest() });
  expect(ownLabels(await site.labels())).toEqual({ note: label });
  expect(await site.answer()).toBe(ANSWER);
});

test.each([
  {
    what: 'a value that lost its end',
    env: { FUNC_NAME: 'hello', NODE_OPTIONS: '--max-old-space-size=512' },
    step: 'create',
    says: 'ERROR [OFN-CONFIG]',
    reason: 'OFN-CONFIG',
  },
  {
    what: 'a value that took all others',
    env: { FUNC_NAME: 'hello', NODE_VERSION: '>=20' },
    step: 'create',
    says: 'Not one variable arrived',
    reason: 'OFN-DETECT',
  },
  {
    what: 'a value that the shell stumbles over',
    env: { FUNC_NAME: 'hello', GREETING: "it's" },
    step: 'prepare',
    says: 'unexpected EOF while looking for matching',
    reason: undefined,
  },
  {
    what: 'a wrong name',
    env: { FUNC_NAME: 'helo' },
    step: 'create',
    says: 'ERROR [OFN-FUNC-NOT-FOUND]',
    reason: 'OFN-FUNC-NOT-FOUND',
  },
])("under OpenFunction's stock strategy $what fails the build, which says why", async ({ env, step, says, reason }) => {
  await dockerBuild(BASH, BASH_IMAGE);
  const site = await startBuildSite();
  const source = await cloneOfApp();
  const around = { source: source.folder, credentials: site.credentials };
  const { failed, output, results } = await runTask(openFunctionTask(site, { ...source.env, ...env }), around);
  expect(failed).toBe(step);
  expect(output).toContain(says);
  expect(results['shp-error-reason']).toBe(reason);
});

/** Upstream's strategies: the builder they name, and what a build by them has to say besides. */
const UPSTREAM = [
  {
    name: 'buildpacks-v3',
    other: 'docker.io/paketobuildpacks/builder-jammy-full:latest',
    env: { CNB_USER_ID: '1001' },
  },
  { name: 'buildpacks-v3-heroku', other: 'heroku/builder:22', env: {} },
];

test.each(UPSTREAM)("Shipwright's $name builds a function with our builder, and builds it again", async (row) => {
  const site = await startBuildSite();
  const source = await cloneOfApp();
  const env = { ...source.env, FUNC_NAME: 'hello', CNB_RUN_IMAGE: site.runImage, ...row.env };
  const task = taskOf({ strategy: stock(row.name), output: { image: site.image }, env });
  const around = { source: source.folder, credentials: site.credentials, images: { [row.other]: BUILDER } };
  await completeTask(task, around);
  await changeApp(source.folder);
  const second = await completeTask(task, around);
  expect(second.output).toContain(REUSED);
  expect(second.results).toEqual({ 'shp-image-digest': await site.digest() });
  expect(await site.answer()).toBe(ANSWER);
});

test.each(UPSTREAM)("a build by Shipwright's $name that fails leaves our code and what to do", async (row) => {
  const site = await startBuildSite();
  const source = await cloneOfApp();
  // The strategy cuts at blanks, and at the second "=".
  const damaged = { FUNC_LABEL_NOTE: 'two words', NODE_OPTIONS: '--max-old-space-size=512' };
  const env = { ...source.env, ...damaged, FUNC_NAME: 'hello', CNB_RUN_IMAGE: site.runImage, ...row.env };
  const task = taskOf({ strategy: stock(row.name), output: { image: site.image }, env });
  const around = { source: source.folder, credentials: site.credentials, images: { [row.other]: BUILDER } };
  const { failed, results } = await runTask(task, around);
  expect(failed).toBe('build-and-push');
  expect(results).toEqual({
    'shp-error-reason': 'OFN-CONFIG',
    'shp-error-message': expect.stringContaining('NODE_OPTIONS'),
  });
});
