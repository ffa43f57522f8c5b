import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../../support/artefact.ts';
import { readStrategy, type Step, type Strategy } from '../../../support/tekton/strategy.ts';
import { taskOf, type Build } from '../../../support/tekton/task.ts';

const stock = (name: string): Strategy => readStrategy(join(ROOT, `test/fixtures/strategies/${name}.yaml`));
const output = { image: 'registry.example/me/hello:1' };

/** A build by a strategy of one step. */
function buildOf(step: Partial<Step>, more: Partial<Build & Strategy> = {}): Build {
  const strategy: Strategy = {
    apiVersion: 'shipwright.io/v1beta1',
    name: 's',
    parameters: [],
    steps: [{ name: 'a', image: 'i', ...step }],
    volumes: ['cache'],
    ...more,
  };
  return { strategy, output, ...more };
}

test("OpenFunction's strategy gets the source's folder, the builder and the variables", () => {
  const params = { ENV_VARS: 'FUNC_NAME=hello#', RUN_IMAGE: 'registry.example/run' };
  const task = taskOf({ strategy: stock('openfunction'), output, contextDir: 'fn', builder: 'me/builder', params });
  const [prepare, create, results] = task.steps;
  expect(task.volumes).toEqual(['cache', 'layers-dir', 'empty-dir']);
  expect(prepare?.security).toEqual({ privileged: true });
  expect(prepare?.args[1]).toContain('envs=(`echo FUNC_NAME=hello# | tr');
  expect(prepare?.mounts.at(-1)).toEqual({ name: 'empty-dir', mountPath: '/platform', readOnly: false });
  expect(create?.image).toBe('me/builder');
  expect(create?.security).toEqual({ runAsUser: 1000, runAsGroup: 1000 });
  expect([create?.command, create?.args]).toMatchInlineSnapshot(`
    [
      [
        "/cnb/lifecycle/creator",
      ],
      [
        "-app=/workspace/source/fn",
        "-cache-dir=/cache",
        "-cache-image=",
        "-uid=1000",
        "-gid=1000",
        "-layers=/layers",
        "-platform=/platform",
        "-report=/layers/report.toml",
        "-process-type=web",
        "-skip-restore=false",
        "-previous-image=registry.example/me/hello:1",
        "-run-image=registry.example/run",
        "registry.example/me/hello:1",
      ],
    ]
  `);
  expect(results?.args[1]).toContain('tee /tekton/results/shp-image-digest');
});

test.each([
  ['buildpacks-v3', '1001:1000'],
  ['buildpacks-v3-heroku', '1000:1000'],
])('%s runs as %s, and so does the step that fetches sources', (name, user) => {
  const insecure = { 'insecure-registries': ['a:5000', 'b:5000'] };
  const task = taskOf({
    strategy: stock(name),
    output,
    contextDir: 'fn',
    params: insecure,
    env: { FUNC_NAME: 'hello' },
  });
  const [step] = task.steps;
  expect(task.sourceOwner).toBe(user);
  expect(Object.values(step?.security ?? {}).join(':')).toBe(user);
  expect(step?.args.slice(2)).toEqual(['--', '--insecure-registries', 'a:5000', 'b:5000']);
  expect(step?.env).toMatchObject({
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    CNB_PLATFORM_API: '0.13',
    PARAM_SOURCE_CONTEXT: '/workspace/source/fn',
    PARAM_OUTPUT_IMAGE: output.image,
    PARAM_OUTPUT_INSECURE: 'false',
    FUNC_NAME: 'hello',
  });
  expect(step?.limits).toEqual({ cpu: '500m', memory: '1Gi' });
});

test("values of variables have what was set before them, and words of the command what the step's variables are", () => {
  const env = [
    { name: 'A', value: '1' },
    { name: 'B', value: '$(A)$(C)' },
  ];
  const [step] = taskOf(buildOf({ env, command: ['$(B)'], args: ['$(C)', '$$(A)'] }, { env: { C: '3' } })).steps;
  expect(step?.env).toMatchObject({ A: '1', B: '1$(C)', C: '3' });
  expect([step?.command, step?.args]).toEqual([['1$(C)'], ['3', '$(A)']]);
});

test.each([
  ['a variable that the step has', buildOf({ env: [{ name: 'A' }] }, { env: { A: '1' } }), '"A" already exists'],
  ['a parameter that the strategy has not', buildOf({}, { params: { p: '1' } }), 'The strategy has no parameter p.'],
  ['a volume that is nowhere', buildOf({ volumeMounts: [{ name: 'x', mountPath: '/x' }] }), '"x" is not found'],
  ['a parameter of older versions', buildOf({ image: '$(params.BUILDER_IMAGE)' }), '$(params.BUILDER_IMAGE)'],
])('%s is refused', (_, build, message) => {
  expect(() => taskOf(build)).toThrow(message);
});
