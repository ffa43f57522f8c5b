import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { artefact, ROOT } from '../../support/artefact.ts';
import { readStrategy } from '../../support/tekton/strategy.ts';
import { RESULTS, SOURCE, taskOf } from '../../support/tekton/task.ts';
import { makeFolder } from '../../support/workspace.ts';

/** A lifecycle that says what it was started with, and leaves what a real one leaves. */
const CREATOR = `#!/bin/sh
printf '%s\\n' "$@" > "\${0%/*}/arguments"
/usr/bin/env > "\${0%/*}/variables"
echo "===> BUILDING"
printf '[image]\\ntags = ["r/hello"]\\ndigest = "sha256:1234"\\n' > LAYERS/report.toml
mkdir -p LAYERS/sbom/launch/sbom
echo '{}' > LAYERS/sbom/launch/sbom.cdx.json
`;
/** What a buildpack of ours does that fails, and the lifecycle after it. */
const FAILING = `#!/bin/sh
echo "===> BUILDING"
printf 'OFN-FUNC-SYNTAX' > RESULTS/error-reason
printf 'Could not load it: unexpected end.\\n\\nCorrect it.' > RESULTS/error-message
printf 'ERROR [OFN-FUNC-SYNTAX] Could not load it: unexpected end.\\n\\nCorrect it.\\nERROR: failed to build: exit status 1\\n' >&2
exit 51
`;
/** A build that prints what looks like a failure of ours, and an export that fails. */
const FAILING_LATER = `#!/bin/sh
echo "===> BUILDING"
echo "ERROR [OFN-FUNC-SYNTAX] Not one of ours."
echo "===> EXPORTING"
echo "ERROR: denied"
exit 62
`;

interface Given {
  readonly creator?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly contextDir?: string;
  readonly ENV_VARS?: string;
  readonly cacheMode?: number;
  readonly sbomMode?: number;
  /** What the strategy asks for beside all it does. */
  readonly more?: readonly string[];
}

/** Root without what makes it root, as a user of a pod has it. */
const UNPRIVILEGED = process.getuid?.() === 0 ? ['/usr/bin/setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];

/** Runs the step of the strategy with its folders below one of the moment. */
async function runStep({
  creator = CREATOR,
  variables = {},
  contextDir = '',
  ENV_VARS = '',
  cacheMode = 0o755,
  sbomMode = 0o755,
  more = [],
}: Given) {
  artefact('dist/shipwright/index.js');
  const folder = makeFolder({ 'source/index.js': '' });
  const place = (name: string): string => join(folder, name);
  for (const name of ['cache', 'layers', 'platform', 'sbom', 'lifecycle', 'results']) mkdirSync(place(name));
  writeFileSync(
    place('lifecycle/creator'),
    creator.replaceAll('LAYERS', place('layers')).replaceAll('RESULTS', place('results')),
    {
      mode: 0o755,
    },
  );
  const [step] = taskOf({
    strategy: readStrategy(join(ROOT, 'deploy/shipwright/cluster-build-strategy.yaml')),
    output: { image: 'registry.example.com/$(id)/hello', insecure: true },
    contextDir,
    params: { ENV_VARS, 'insecure-registries': ['other.example.com:5000', 'third.example.com'] },
  }).steps;
  if (step === undefined) throw new Error('The strategy has no step.');
  const words = [...step.command, ...step.args].map((word) =>
    word
      .replace(/^--(cache|layers|platform|sbom)=\/\1$/, `--$1=${folder}/$1`)
      .replace(`=${SOURCE}`, `=${place('source')}`)
      .replace(`=${RESULTS}/shp-`, `=${place('results')}/`)
      .replace('/cnb/buildpacks/openfunction_node-function/*', ROOT.slice(0, -1))
      .replace('PATH=/usr/local/bin:', `PATH=${ROOT}node_modules/.bin:/usr/local/bin:`),
  );
  words.splice(
    words.findIndex((word) => word.startsWith('--app=')),
    0,
    `--lifecycle=${place('lifecycle')}`,
    ...more,
  );
  chmodSync(place('cache'), cacheMode);
  chmodSync(place('sbom'), sbomMode);
  const [program = '', ...args] = [...UNPRIVILEGED, ...words];
  const env = { PATH: '/usr/bin:/bin', HOME: folder, ...variables };
  const { exitCode, all } = await execa(program, args, { env, extendEnv: false, all: true, reject: false });
  const text = (name: string) => (existsSync(place(name)) ? readFileSync(place(name), 'utf8') : undefined);
  return {
    folder,
    exitCode,
    output: all.replaceAll(folder, '<folder>'),
    text,
    digest: text('results/image-digest'),
    reason: text('results/error-reason'),
    message: text('results/error-message')?.replaceAll(folder, '<folder>'),
  };
}

const ODD = {
  FUNC_NAME: 'hello',
  NODE_OPTIONS: '--not-an-option=1',
  BASH_ENV: '$(touch "$HOME/evaluated")',
  LD_LIBRARY_PATH: '/nowhere',
  IFS: 'x',
  UID: 'me',
  RANDOM: 'not',
  SHELLOPTS: 'none',
  'dotted.name-1': 'a=b=c',
  LINES: 'a\n\nb\n',
  WORDS: `two words "x" 'y' $(touch "$HOME/evaluated") \`id\` * #z`,
  EMPTY: '',
};

test('the variables of a Build reach what is built byte for byte, and nothing else', async () => {
  const given = { ENV_VARS: 'FUNC_NAME=other#FROM_OPENFUNCTION=a=b c#', variables: ODD };
  const { exitCode, folder, text, digest, reason } = await runStep(given);
  const names = readdirSync(join(folder, 'platform/env'));
  expect(Object.fromEntries(names.map((name) => [name, text(`platform/env/${name}`)]))).toEqual({
    ...ODD,
    FROM_OPENFUNCTION: 'a=b c',
  });
  expect(text('lifecycle/variables')?.trim().split('\n').toSorted()).toEqual(
    ['CNB_PLATFORM_API=0.15', `HOME=${folder}`, 'PATH=/usr/bin:/bin', `PWD=${process.cwd()}`].toSorted(),
  );
  expect(existsSync(join(folder, 'evaluated'))).toBe(false);
  expect({ exitCode, digest, reason }).toEqual({ exitCode: 0, digest: 'sha256:1234', reason: undefined });
  expect(text('sbom/sha256-1234/launch/sbom.cdx.json')).toBe('{}\n');
});

test('names reach the lifecycle as they are', async () => {
  const { folder, text } = await runStep({});
  expect(text('lifecycle/arguments')?.replaceAll(folder, '<folder>')).toMatchInlineSnapshot(`
    "-no-color
    -app=<folder>/source
    -cache-dir=<folder>/cache
    -insecure-registry=registry.example.com
    -insecure-registry=other.example.com:5000
    -insecure-registry=third.example.com
    -layers=<folder>/layers
    -log-level=info
    -platform=<folder>/platform
    -report=<folder>/layers/report.toml
    -skip-restore=false
    registry.example.com/$(id)/hello
    "
  `);
});

test("a failure of the buildpack is the BuildRun's", async () => {
  const { exitCode, output, digest, reason, message } = await runStep({ creator: FAILING });
  expect({ exitCode, output, digest, reason, message }).toMatchInlineSnapshot(`
    {
      "digest": undefined,
      "exitCode": 1,
      "message": "Could not load it: unexpected end.

    Correct it.",
      "output": "===> BUILDING
    ERROR [OFN-FUNC-SYNTAX] Could not load it: unexpected end.

    Correct it.
    ERROR: failed to build: exit status 1",
      "reason": "OFN-FUNC-SYNTAX",
    }
  `);
});

test("a failure of the lifecycle is the BuildRun's, whatever was printed before", async () => {
  const { exitCode, reason, message } = await runStep({ creator: FAILING_LATER });
  expect({ exitCode, reason }).toEqual({ exitCode: 1, reason: 'OFN-LIFECYCLE' });
  expect(message).toContain('while it was sending the image to its registry: denied.');
});

test('a name that is none is a failure that says so', async () => {
  const { exitCode, reason, message } = await runStep({ variables: { '../../evil': '1' } });
  expect({ exitCode, reason, message }).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "message": "Couldn't use the variable "../../evil": it has no name that builds can have.

    Name variables of spec.env with letters, digits, "_", "." and "-", the first a letter or "_".",
      "reason": "OFN-CONFIG",
    }
  `);
});

test('a context folder that is not there is a failure that says so', async () => {
  const { exitCode, reason, message } = await runStep({ contextDir: 'none' });
  expect({ exitCode, reason, message }).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "message": "Couldn't build the image: the source has no folder <folder>/source/none.

    Correct spec.source.contextDir of the Build.",
      "reason": "OFN-SHIPWRIGHT",
    }
  `);
});

test('a lifecycle that does not say what it made is a failure', async () => {
  const creator = '#!/bin/sh\necho "[image]" > LAYERS/report.toml\n';
  const { exitCode, digest, reason, message } = await runStep({ creator });
  expect({ exitCode, digest, reason, message }).toMatchInlineSnapshot(`
    {
      "digest": undefined,
      "exitCode": 1,
      "message": "Couldn't tell the image's digest: the lifecycle did not say it.

    Use the builder openfunction/builder-node, whose lifecycle does.",
      "reason": "OFN-LIFECYCLE",
    }
  `);
});

test('a cache that may not be written to is a failure that says so', async () => {
  const { exitCode, reason, message } = await runStep({ cacheMode: 0o555 });
  expect({ exitCode, reason, message }).toMatchInlineSnapshot(`
    {
      "exitCode": 1,
      "message": "Couldn't build the image: user 1000 may not write to the volume "cache".

    Give the volume to group 1000: fsGroup 1000 in default-pod-template of Tekton's config-defaults does.",
      "reason": "OFN-SHIPWRIGHT",
    }
  `);
});

test('bills that may not be written fail before anything is built', async () => {
  const { exitCode, reason, message, text } = await runStep({ sbomMode: 0o555 });
  expect({ exitCode, reason }).toEqual({ exitCode: 1, reason: 'OFN-SHIPWRIGHT' });
  expect(message).toContain('may not write to the volume "sbom"');
  expect(text('lifecycle/arguments')).toBeUndefined();
});

test('a PATH of the Build does not keep the lifecycle from being started', async () => {
  const { text } = await runStep({ variables: { PATH: '/nowhere' } });
  expect(text('lifecycle/arguments')).toContain('-app=');
});

test('a strategy of another version than the builder is told in the results', async () => {
  const { exitCode, reason, message } = await runStep({ more: ['--new-option=x'] });
  expect({ exitCode, reason }).toEqual({ exitCode: 1, reason: 'OFN-SHIPWRIGHT' });
  expect(message).toContain('Apply deploy/shipwright of the version of the builder.');
});
