import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/artefact.ts';
import { dockerBuild } from '../support/run-image.ts';
import { runTask, type TaskRun } from '../support/tekton/run-task.ts';
import { changeApp, cloneOfApp, startBuildSite, type BuildSite, type Sources } from '../support/tekton/site.ts';
import { readStrategy } from '../support/tekton/strategy.ts';
import { taskOf } from '../support/tekton/task.ts';

const BUILDER = 'openfunction/builder-node';
const BASH = 'ofn-test-bash';

/** What the stock strategy takes for docker.io/library/bash: its program is not where Debian's is, and root runs it. */
const BASH_IMAGE = `FROM openfunction/build-node:24
USER 0:0
RUN ln /bin/bash /usr/local/bin/bash
`;

const stock = (name: string) => readStrategy(join(ROOT, `test/fixtures/strategies/${name}.yaml`));

/** A run that came to its end. */
async function succeeded(run: Promise<TaskRun>): Promise<TaskRun> {
  const { failed, output, results } = await run;
  if (failed !== undefined) throw new Error(output);
  return { failed, output, results };
}

/** Builds as OpenFunction does with `spec.build.env`, which its controller makes one text of. */
async function buildByOpenFunction(
  site: BuildSite,
  source: Sources,
  env: Readonly<Record<string, string>>,
): Promise<TaskRun> {
  const variables = Object.entries({ ...source.env, ...env }).map(([name, value]) => `${name}=${value}#`);
  const params = { BASH_IMAGE: BASH, RUN_IMAGE: site.runImage, ENV_VARS: variables.join('') };
  const task = taskOf({ strategy: stock('openfunction'), output: { image: site.image }, builder: BUILDER, params });
  return runTask(task, { source: source.folder, credentials: site.credentials });
}

/** Variables in the one that every platform hands on as it is. */
function encoded(env: Readonly<Record<string, string>>): Record<string, string> {
  return { FUNC_ENV_B64URL: Buffer.from(JSON.stringify(env)).toString('base64url') };
}

test("OpenFunction's stock strategy builds a function, and builds it again from its image alone", async () => {
  await dockerBuild(BASH, BASH_IMAGE);
  const site = await startBuildSite();
  const source = await cloneOfApp();
  const damaged = { HOOK_URL: 'https://example.com?a=b', APP_SETTINGS: '{"a":1}' };
  const first = await succeeded(
    buildByOpenFunction(site, source, { FUNC_NAME: 'hello', FUNC_TYPE: 'http', ...damaged }),
  );
  expect(first.output).toContain('HOOK_URL may have been damaged on its way here');
  expect(first.output).toContain('APP_SETTINGS may have been damaged on its way here');
  expect(first.results).toEqual({ 'shp-image-digest': await site.digest() });

  await changeApp(source);
  const label = `it's "a" > b & $(id -u) #1 c=d=e`;
  const again = encoded({ FUNC_NAME: 'hello', FUNC_LABEL_NOTE: label });
  const second = await succeeded(buildByOpenFunction(site, source, again));
  expect(second.output).toContain('Dependencies: reused');
  expect(second.results).toEqual({ 'shp-image-digest': await site.digest() });
  expect(Object.values(await site.labels())).toContain(label);
  expect(await site.answer()).toBe('hello from a cluster');
});

test.each([
  {
    what: 'a value that lost its end',
    env: { FUNC_NAME: 'hello', NODE_OPTIONS: '--max-old-space-size=512' },
    says: 'OFN-CONFIG',
  },
  {
    what: 'a value that took all others',
    env: { FUNC_NAME: 'hello', NODE_VERSION: '>=20' },
    says: 'Not one variable arrived',
  },
  { what: 'a wrong name', env: { FUNC_NAME: 'helo' }, says: 'OFN-FUNC-NOT-FOUND' },
])("under OpenFunction's stock strategy $what fails the build, and the log says why", async ({ env, says }) => {
  await dockerBuild(BASH, BASH_IMAGE);
  const site = await startBuildSite();
  const { failed, output, results } = await buildByOpenFunction(site, await cloneOfApp(), env);
  expect(failed).toBe('create');
  expect(output).toContain(says);
  expect(results).toEqual({});
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
  await succeeded(runTask(task, around));
  await changeApp(source);
  const second = await succeeded(runTask(task, around));
  expect(second.output).toContain('Dependencies: reused');
  expect(second.results).toEqual({ 'shp-image-digest': await site.digest() });
  expect(await site.answer()).toBe('hello from a cluster');
});
