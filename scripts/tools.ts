// Finds or builds pack and the lifecycle, once, in the cache: `node scripts/tools.ts`.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gte, coerce } from 'semver';
import { messageOf } from '../src/base/error.ts';
import { ARCHITECTURES, HOST_ARCH } from '../stack/definition.ts';
import { CACHE, keyOf, once } from './cache.ts';
import { has, read, run } from './command.ts';
import { setCurrent } from './current.ts';
import { billFiles } from '../src/buildpack/sbom/bills.ts';
import { readGoBill } from './go-bill.ts';
import { filesOf, goBuild, pinned } from './go.ts';

const LIFECYCLE = 'github.com/buildpacks/lifecycle';
const PACK = 'github.com/buildpacks/pack';
const PACK_VERSION = `${PACK}/pkg/client.Version`;
/** The first pack whose builders know [[targets]] and [run.images] and whose builds speak Platform API 0.12 and later. */
const OLDEST_PACK = '0.36.0';
/** Which APIs lifecycle 0.21 speaks: its own lifecycle.toml says so too. */
const LIFECYCLE_APIS = `[apis.buildpack]
deprecated = []
supported = ["0.7", "0.8", "0.9", "0.10", "0.11", "0.12"]

[apis.platform]
deprecated = []
supported = ["0.7", "0.8", "0.9", "0.10", "0.11", "0.12", "0.13", "0.14", "0.15"]
`;
/** The programs, each with its bills beside it, which the lifecycle puts into images and beside them. */
const PROGRAMS = ['lifecycle', 'launcher'];
/** What decides the bills besides the programs. */
const BILL_FILES = [
  ...['bill', 'bills', 'content-id', 'cyclonedx', 'integrity', 'spdx', 'syft'].map(
    (name) => `src/buildpack/sbom/${name}.ts`,
  ),
  'scripts/go-bill.ts',
];
const PHASES = ['analyzer', 'builder', 'creator', 'detector', 'exporter', 'extender', 'rebaser', 'restorer'];

/** Programs this project runs, by absolute path. */
export interface Tools {
  readonly pack: string;
  /** The lifecycle as builder.toml wants it. */
  readonly lifecycleTar: string;
}

/** Finds or builds them. */
export async function findTools(): Promise<Tools> {
  const lifecycle = join(
    CACHE,
    'tools',
    `lifecycle-${await keyOf([...filesOf('lifecycle'), ...BILL_FILES], [LIFECYCLE_APIS, ...ARCHITECTURES])}`,
  );
  await once(lifecycle, buildLifecycle);
  return { pack: (await packOnPath()) ?? (await builtPack()), lifecycleTar: join(lifecycle, 'lifecycle.tgz') };
}

async function packOnPath(): Promise<string | undefined> {
  if (!(await has('pack'))) return undefined;
  const answer = await read('pack', ['version']).catch((error: unknown) => messageOf(error).split('\n')[0] ?? '');
  const version = coerce(/^\S+/.exec(answer)?.[0]);
  if (version !== null && gte(version, OLDEST_PACK)) return 'pack';
  console.log(`pack on PATH is not used, it has to be ${OLDEST_PACK} or later: ${answer}`);
  return undefined;
}

async function builtPack(): Promise<string> {
  const folder = join(CACHE, 'tools', `pack-${await keyOf(filesOf('pack'), [PACK_VERSION])}`);
  await once(folder, async (scratch) => {
    const version = await pinned('pack', PACK);
    await goBuild('pack', ['-ldflags', `-s -w -X ${PACK_VERSION}=${version}`, '-o', scratch, PACK]);
  });
  return join(folder, 'pack');
}

async function buildLifecycle(scratch: string): Promise<void> {
  const version = await pinned('lifecycle', LIFECYCLE);
  const bin = join(scratch, 'lifecycle');
  await mkdir(bin);
  const flags = ['-ldflags', `-s -w -X ${LIFECYCLE}/cmd.Version=${version}`];
  await goBuild('lifecycle', [...flags, '-o', bin, ...PROGRAMS.map((name) => `${LIFECYCLE}/cmd/${name}`)]);
  for (const name of PROGRAMS) {
    const bill = await readGoBill(join(bin, name), 'lifecycle');
    for (const [file, text] of billFiles(name, bill)) await writeFile(join(bin, file), text);
  }
  for (const arch of ARCHITECTURES.filter((name) => name !== HOST_ARCH)) {
    await goBuild('lifecycle', [...flags, '-o', join(bin, `launcher-${arch}`), `${LIFECYCLE}/cmd/launcher`], arch);
  }
  for (const phase of PHASES) await symlink('lifecycle', join(bin, phase));
  await writeFile(join(scratch, 'lifecycle.toml'), `${LIFECYCLE_APIS}\n[lifecycle]\nversion = "${version}"\n`);
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', ['-czf', 'lifecycle.tgz', ...same, 'lifecycle.toml', 'lifecycle'], { cwd: scratch });
}

if (import.meta.main) {
  const tools = await findTools();
  await setCurrent('pack', tools.pack === 'pack' ? undefined : tools.pack);
  await setCurrent('lifecycle.tgz', tools.lifecycleTar);
  console.log(`pack: ${tools.pack}\nlifecycle: ${tools.lifecycleTar}`);
}
