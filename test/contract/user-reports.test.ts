import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { ROOT } from '../support/artefact.ts';
import { FUNCTION_SHAPES } from '../support/function-shapes.ts';
import { MANAGER_SHAPES } from '../support/manager-shapes.ts';

/** A test: its file, its title as it is written there, and the row of its table where it has one. */
type Case = readonly [file: string, title: string, row?: string];

interface Report {
  /** What users of such builders ran into. */
  readonly what: string;
  /** Where they told of it. */
  readonly threads: readonly string[];
  /** What keeps it from happening here. */
  readonly cases: readonly Case[];
}

const BUILDPACK = 'contract/buildpack';
const FUNCTIONS = 'image/function-shapes.test.ts';
const MANAGERS = 'image/manager-shapes.test.ts';
const SHAPE = '%s: the function is built and answers as any user on a read-only root';
const TRUSTED = '%s gets packages with the token of a binding and trusts its certificate';
const SAME = '%s: another machine on another day makes the same image';

const REPORTS: readonly Report[] = [
  {
    what: 'pnpm is not known',
    threads: [
      'paketo-buildpacks/nodejs#594',
      'GoogleCloudPlatform/buildpacks#193',
      'heroku/heroku-buildpack-nodejs#688',
    ],
    cases: [[MANAGERS, SHAPE, 'pnpm with a lock file']],
  },
  {
    what: 'Yarn 2 and later, PnP, zero-installs',
    threads: ['paketo-buildpacks/nodejs#627', 'GoogleCloudPlatform/buildpacks#107'],
    cases: [
      [MANAGERS, SHAPE, 'Yarn 4 with PnP'],
      [`${BUILDPACK}/vendored.test.ts`, 'an app with PnP, .yarn/cache and its own Yarn is built without network'],
    ],
  },
  {
    what: '"packageManager" with its hash, and no Corepack in Node.js any more',
    threads: ['heroku/buildpacks-nodejs#489', 'railwayapp/railpack#568', 'nodejs/corepack#354'],
    cases: [
      [MANAGERS, SHAPE, 'pnpm with its hash, and the framework in the lock file'],
      [`${BUILDPACK}/manager-failures.test.ts`, 'a package manager with another hash is not started'],
    ],
  },
  {
    what: 'workspaces, and siblings of the folder of the function',
    threads: [
      'paketo-buildpacks/nodejs#586',
      'paketo-buildpacks/nodejs#650',
      'firebase/firebase-tools#653',
      'knative/func#1880',
    ],
    cases: [
      [MANAGERS, SHAPE, 'npm workspaces'],
      [MANAGERS, SHAPE, 'pnpm workspace'],
    ],
  },
  {
    what: 'private registries whose tokens stay out of the image',
    threads: ['paketo-buildpacks/nodejs#396', 'openfaas/faas#1025', 'kyma-project/kyma#9791'],
    cases: [
      [`${BUILDPACK}/bindings.test.ts`, TRUSTED, 'npm@11.19.1'],
      ['image/secrets.test.ts', 'no part of an image has a secret of its build'],
    ],
  },
  {
    what: 'the version of Node.js by .nvmrc, names of release lines and ranges',
    threads: ['paketo-buildpacks/node-engine#608', 'railwayapp/nixpacks#1190', 'cloudfoundry/nodejs-buildpack#809'],
    cases: [
      [
        `${BUILDPACK}/node.test.ts`,
        'a line of .nvmrc that the run image has not becomes a layer, which is booted, called and taken over',
      ],
    ],
  },
  {
    what: 'the heap does not know the limit of the container',
    threads: ['cloudfoundry/nodejs-buildpack#34', 'cloudfoundry/nodejs-buildpack#29', 'knative/func#826'],
    cases: [
      [`${BUILDPACK}/heap.test.ts`, '%s, the heap has its share of the memory that a container has', 'by default'],
      ['unit/buildpack/launch/heap.test.ts', 'Node.js %s with %i per cent', '24.21.0'],
    ],
  },
  {
    what: 'SIGTERM does not reach the function, behind npm or a shell',
    threads: [
      'paketo-buildpacks/nodejs#37',
      'GoogleCloudPlatform/buildpacks#160',
      'heroku/heroku-buildpack-nodejs#217',
    ],
    cases: [
      ['image/stop.test.ts', 'node is process 1'],
      ['image/stop.test.ts', 'docker stop lets a request in flight finish'],
    ],
  },
  {
    what: 'TypeScript is not built',
    threads: [
      'GoogleCloudPlatform/buildpacks#11',
      'GoogleCloudPlatform/functions-framework-nodejs#254',
      'GoogleCloudPlatform/functions-framework-nodejs#303',
    ],
    cases: [
      [FUNCTIONS, SHAPE, 'TypeScript that Node.js runs'],
      [FUNCTIONS, SHAPE, 'TypeScript below src that imports TypeScript'],
    ],
  },
  {
    what: 'ES modules, and those that await while they load',
    threads: ['GoogleCloudPlatform/functions-framework-nodejs#407', 'nodejs/node#41189'],
    cases: [
      [FUNCTIONS, SHAPE, 'an ES module that awaits while it loads'],
      [FUNCTIONS, SHAPE, 'an ES module that CommonJS requires'],
    ],
  },
  {
    what: 'leaving out devDependencies runs "prepare", which needs them',
    threads: ['railwayapp/railpack#192', 'pnpm/pnpm#4770'],
    cases: [[MANAGERS, SHAPE, 'npm of a version of its own, and a script that prepares a working copy']],
  },
  {
    what: 'builds install again what they had',
    threads: ['OpenFunction/builder#67', 'OpenFunction/OpenFunction#444', 'buildpacks/pack#3'],
    cases: [
      [
        'image/rebuild.test.ts',
        'with engine "%s", no cache and no network, a changed line makes its slice of the app and the compiled code of it alone anew',
      ],
      [`${BUILDPACK}/cache.test.ts`, '%s: an image is rebuilt after a change of its source without cache and network'],
    ],
  },
  {
    what: 'images have what no function needs',
    threads: [
      'OpenFunction/OpenFunction#204',
      'paketo-buildpacks/npm-install#170',
      'GoogleContainerTools/distroless#1548',
    ],
    cases: [
      ['image/stack.test.ts', 'the run image has no shell, no package manager and no interpreter but Node.js'],
      ['image/stack.test.ts', 'the run image is small'],
    ],
  },
  {
    what: 'functions start slowly',
    threads: ['aws/aws-lambda-base-images#271', 'googleapis/google-cloud-node#2942', 'Azure/azure-functions-host#298'],
    cases: [
      [
        `${BUILDPACK}/compile-cache.test.ts`,
        'Node takes the code of every module out of the cache, for any user and where nothing but memory can be written',
      ],
    ],
  },
  {
    what: 'the same source gives another digest',
    threads: [
      'paketo-buildpacks/nodejs#631',
      'pivotal/kpack#341',
      'heroku/buildpacks-nodejs#1317',
      'heroku/buildpacks-nodejs#1321',
    ],
    cases: [
      ['image/rebuild.test.ts', 'a build elsewhere and in another year gives the same digest'],
      [`${BUILDPACK}/same-image.test.ts`, SAME, 'one file'],
    ],
  },
  {
    what: 'bills of materials take half of the build and miss what is bundled',
    threads: ['paketo-buildpacks/nodejs#541', 'anchore/syft#3274', 'dotCMS/core#37575'],
    cases: [[`${BUILDPACK}/sbom.test.ts`, '%s: bills have what is installed, and what only the build knows']],
  },
  {
    what: 'native modules have nothing to be compiled with',
    threads: ['paketo-buildpacks/npm-install#133', 'paketo-buildpacks/npm-install#753'],
    cases: [
      ['image/stack.test.ts', 'the build image has what native modules are compiled with'],
      [
        `${BUILDPACK}/other-builders.test.ts`,
        'a native module without headers to compile it against fails the build and says what to do',
      ],
    ],
  },
  {
    what: 'another Node.js finds native modules that were compiled for the one before',
    threads: ['paketo-buildpacks/npm-install#153'],
    cases: [
      [
        `${BUILDPACK}/node.test.ts`,
        'native modules are compiled for each Node.js, and refuse one that a rebase brings',
      ],
      ['image/rebase.test.ts', 'native modules say so when a rebase brings a Node.js that they were not compiled for'],
    ],
  },
  {
    what: 'arm64',
    threads: ['paketo-buildpacks/nodejs#995', 'paketo-buildpacks/node-engine#1075', 'knative/func#3169'],
    cases: [
      [
        'image/other-architecture.test.ts',
        'a function of JavaScript is built for the other architecture, the same everywhere, and answers',
      ],
    ],
  },
  {
    what: 'builds without network',
    threads: ['buildpacks-community/kpack#1660', 'cloudfoundry/community#591', 'OpenFunction FAQ'],
    cases: [
      [`${BUILDPACK}/vendored.test.ts`, "an app with npm's cache in npm-cache is built without network"],
      [`${BUILDPACK}/node-mirror.test.ts`, 'a folder will do, and its bytes have to be what its checksums promise'],
    ],
  },
  {
    what: 'read-only file systems, and users that the image does not know',
    threads: [
      'heroku/buildpacks-nodejs#800',
      'paketo-buildpacks/npm-install#661',
      'railwayapp/railpack#286',
      'railwayapp/nixpacks#449',
    ],
    cases: [[FUNCTIONS, SHAPE]],
  },
  {
    what: 'health checks',
    threads: ['paketo-buildpacks/rfcs#183', 'paketo-buildpacks/health-checker#125'],
    cases: [['unit/framework/application.test.ts', 'a health path answers, and 503 while the server drains']],
  },
  {
    what: 'the certificate of a company is trusted by Node.js and not by npm',
    threads: ['containerbase/base#61', 'nodejs/node#55285'],
    cases: [[`${BUILDPACK}/bindings.test.ts`, TRUSTED, 'npm@11.19.1']],
  },
  {
    what: 'versions without fixes, or with known vulnerabilities, go unnoticed',
    threads: ['heroku/buildpacks-nodejs#1353', 'heroku/heroku-buildpack-nodejs#481'],
    cases: [
      ['unit/buildpack/node/warnings.test.ts', 'a line that gets no fixes any more'],
      ['unit/buildpack/node/warnings.test.ts', 'known vulnerabilities, in a layer and in the run image'],
      [`${BUILDPACK}/audit.test.ts`, 'a vulnerability that is known to be exploited is refused without a database'],
    ],
  },
  {
    what: 'platforms damage variables on their way',
    threads: [
      'openshift/source-to-image#174',
      'openshift/source-to-image#417',
      'shipwright-io/build#990',
      'buildpacks/tekton-integration#21',
    ],
    cases: [
      [`${BUILDPACK}/platform-variables.test.ts`, 'FUNC_ENV_B64URL survives all of it'],
      ['unit/buildpack/config/damage.test.ts', '%s=%s may be damaged, and the value is not shown'],
    ],
  },
];

/** Titles of the tests of files that are not skipped, as vitest finds them: file and title. */
async function collectTests(files: readonly string[]): Promise<ReadonlySet<string>> {
  const paths = files.map((file) => join('test', file));
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const args = ['list', ...paths, '--json', '--static-parse'];
  const { stdout } = await execa('vitest', args, { cwd: ROOT, env, extendEnv: false, preferLocal: true });
  const found: readonly { readonly file: string; readonly name: string }[] = JSON.parse(stdout);
  // Titles come as if they were part of a pattern.
  return new Set(found.map(({ file, name }) => `${file} ${name.replaceAll('\\', '')}`));
}

/** Whether a table of a file has a row of that name; lines that are comments are none. */
function hasRow(file: string, row: string): boolean {
  if (file === FUNCTIONS) return Object.hasOwn(FUNCTION_SHAPES, row);
  if (file === MANAGERS) return Object.hasOwn(MANAGER_SHAPES, row);
  const lines = readFileSync(join(ROOT, 'test', file), 'utf8').split('\n');
  const code = lines.filter((line) => !line.trimStart().startsWith('//')).join('\n');
  return [`'${row}',`, `'${row}':`].some((text) => code.includes(text));
}

test('what users ran into has a test that runs', async () => {
  const cases = REPORTS.flatMap((report) => report.cases);
  const tests = await collectTests([...new Set(cases.map(([file]) => file))]);
  const missing = cases.filter(
    ([file, title, row]) =>
      !tests.has(`${join(ROOT, 'test', file)} ${title}`) || (row !== undefined && !hasRow(file, row)),
  );
  expect(missing).toEqual([]);
});

test('what users ran into has the threads where they told of it', () => {
  const isThread = (text: string): boolean => /^[\w.-]+\/[\w.-]+#\d+$/.test(text) || text === 'OpenFunction FAQ';
  expect(REPORTS.flatMap(({ threads }) => threads).filter((thread) => !isThread(thread))).toEqual([]);
  expect(REPORTS.filter(({ threads, cases }) => threads.length === 0 || cases.length === 0)).toEqual([]);
});
