import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../../support/artefact.ts';
import { stepArguments } from '../../../support/tekton/step-arguments.ts';
import { readStrategy, type SecurityContext } from '../../../support/tekton/strategy.ts';
import { taskOf, type Task } from '../../../support/tekton/task.ts';

const PLAIN = {
  name: 'a',
  image: 'i',
  command: ['program'],
  args: ['word'],
  env: {},
  workingDir: undefined,
  security: {},
  mounts: [],
  limits: {},
};
const GIVEN = { image: 'image', volumes: {}, credentials: undefined };

function stock(name: string): Task {
  const strategy = readStrategy(join(ROOT, `test/fixtures/strategies/${name}.yaml`));
  return taskOf({ strategy, output: { image: 'r/i' }, builder: 'builder' });
}

/** Arguments that have nothing to do with volumes and variables, as far as the image. */
function rightsOf(args: readonly string[]): string[] {
  const pairs = new Set(['--mount', '--env']);
  const rest = args.slice(0, args.indexOf('--entrypoint'));
  return rest.filter((word, index) => !pairs.has(word) && !pairs.has(rest[index - 1] ?? ''));
}

const PLAINLY = ['run', '--rm', '--network', 'host'];
const UNCONFINED = ['--security-opt', 'seccomp=unconfined'];

test('stock strategies run with the users, rights and memory that they say', () => {
  const rights = (name: string) => stock(name).steps.map((step) => rightsOf(stepArguments(step, GIVEN)));
  expect(rights('openfunction')).toEqual([
    [...PLAINLY, '--privileged'],
    [...PLAINLY, '--user', '1000:1000', ...UNCONFINED],
    [...PLAINLY, ...UNCONFINED],
  ]);
  const memory = ['--memory', '1g', '--memory-swap', '1g'];
  expect(rights('buildpacks-v3')).toEqual([[...PLAINLY, '--user', '1001:1000', ...UNCONFINED, ...memory]]);
});

test('a step is as restricted as it says', () => {
  const security: SecurityContext = {
    runAsUser: 1000,
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const args = stepArguments({ ...PLAIN, security }, GIVEN);
  const restricted = ['--user', '1000', '--security-opt', 'no-new-privileges', '--read-only', '--cap-drop', 'ALL'];
  expect(rightsOf(args)).toEqual([...PLAINLY, ...restricted]);
  const root = { ...PLAIN, security: { runAsNonRoot: true } };
  expect(() => stepArguments(root, GIVEN)).toThrow('it may not be root');
});

test('volumes are where the step wants them, and those of Tekton everywhere else', () => {
  const mounts = [
    { name: 'a', mountPath: '/a', readOnly: true },
    { name: 'home', mountPath: '/tekton/home', readOnly: false },
    { name: 'folder', mountPath: '/folder', readOnly: false },
  ];
  const volumes = { 'tekton-internal-home': 'x', a: 'of-a', home: 'of-home', folder: '/some' };
  const args = stepArguments({ ...PLAIN, mounts }, { ...GIVEN, volumes });
  expect(args.filter((word) => /target=\/(?:a|tekton\/home|folder)$/.test(word))).toEqual([
    'type=volume,volume-nocopy,readonly,source=of-a,target=/a',
    'type=volume,volume-nocopy,source=of-home,target=/tekton/home',
    'type=bind,readonly,source=/some,target=/folder',
  ]);
});

test('credentials go to the home of the step before it starts', () => {
  const args = stepArguments(PLAIN, { ...GIVEN, credentials: '/some/folder' });
  expect(args.slice(args.indexOf('--entrypoint'), args.indexOf('-c'))).toEqual(['--entrypoint', '/bin/sh', 'image']);
  expect(args.slice(-3)).toEqual(['sh', 'program', 'word']);
});

test('a quantity that Docker does not know is refused', () => {
  expect(() => stepArguments({ ...PLAIN, limits: { memory: '1e9' } }, GIVEN)).toThrow(
    "Couldn't read the quantity 1e9.",
  );
});
