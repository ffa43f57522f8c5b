import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/artefact.ts';
import { completeTask, runTask } from '../support/tekton/run-task.ts';
import { ANSWER, changeApp, cloneOfBoundApp, startBuildSite, type BuildSite } from '../support/tekton/site.ts';
import { readStrategy } from '../support/tekton/strategy.ts';
import { taskOf, type Task } from '../support/tekton/task.ts';
import { filesOf, makeClaim } from '../support/tekton/volumes.ts';

/** The group of who builds. */
const GROUP = 1000;

/** A build by our strategy with these variables in `spec.env`. */
function taskWith(site: BuildSite, env: Readonly<Record<string, string>>): Task {
  const strategy = readStrategy(join(ROOT, 'deploy/shipwright/cluster-build-strategy.yaml'));
  return taskOf({ strategy, output: { image: site.image }, env, params: { 'run-image': site.runImage } });
}

test('our strategy builds a function with its variables as they are, bindings, a cache and bills of materials', async () => {
  const site = await startBuildSite();
  const { folder, bindings } = await cloneOfBoundApp();
  const [cache, sbom] = [await makeClaim(GROUP), await makeClaim(GROUP)];
  const around = { source: folder, credentials: site.credentials, volumes: { bindings, cache, sbom } };
  const label = `it's "a" > b & $(id -u) #1 c=d=e`;
  const task = taskWith(site, {
    FUNC_NAME: 'hello',
    FUNC_LABEL_NOTE: label,
    URL: 'https://example.com?a=b',
    EMPTY: '',
  });
  await completeTask(task, around);
  await changeApp(folder);
  const { output, results } = await completeTask(task, around);
  expect(output).toContain("Reusing layer 'openfunction/node-function:modules'");
  expect(output).not.toContain('WARNING');
  const digest = await site.digest();
  expect(results).toEqual({ 'shp-image-digest': digest });
  expect(Object.values(await site.labels())).toContain(label);
  expect(await filesOf(sbom)).toContain(`${digest.replace(':', '-')}/launch/openfunction_node-function/sbom.cdx.json`);
  expect(await site.answer()).toBe(ANSWER);
  // An image of another name has no image before it: what it takes over is the cache's.
  const other = await completeTask(taskWith({ ...site, image: `${site.image}-other` }, { FUNC_NAME: 'hello' }), around);
  expect(other.output).toContain('Restoring data for "openfunction/node-function:downloads" from cache');
});

test('our strategy tells Shipwright why a build failed', async () => {
  const site = await startBuildSite();
  const { folder, bindings } = await cloneOfBoundApp();
  const around = { source: folder, credentials: site.credentials, volumes: { bindings } };
  const { failed, results } = await runTask(taskWith(site, { FUNC_NAME: 'helo' }), around);
  expect(failed).toBe('build');
  expect(results).toEqual({
    'shp-error-reason': 'OFN-FUNC-NOT-FOUND',
    'shp-error-message': expect.stringContaining('Did you mean "hello"?'),
  });
});
