import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extractPackages } from './debian.ts';
import { STACK, type Arch } from './definition.ts';
import type { Image, ImageConfig } from './layout.ts';
import { run } from './program.ts';
import { packFolder } from './tarball.ts';

const { build, run: runUser, group } = STACK.user;
const HOMEPAGE = 'https://github.com/openfunction/builder-node';
const UNUSED = [
  'usr/sbin/update-ca-certificates',
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/lintian',
  'usr/share/bug',
  'var/backups',
];

/** Where the pieces of an image are made. */
export interface Workshop {
  readonly arch: Arch;
  readonly scratch: string;
  /** Node's npm package, unpacked. */
  readonly node: string;
}

/** What the build image has besides. */
export interface BuildParts {
  readonly debianTar: string;
  /** npm's package, unpacked. */
  readonly npm: string;
}

/** The build image: Debian with a compiler, Node with its headers, npm. */
export async function buildImage(shop: Workshop, { debianTar, npm }: BuildParts): Promise<Image> {
  const root = join(shop.scratch, 'build-node');
  const local = join(root, 'usr/local');
  await mkdir(join(local, 'bin'), { recursive: true });
  await cp(join(shop.node, 'bin/node'), join(local, 'bin/node'));
  await cp(join(shop.node, 'include'), join(local, 'include'), { recursive: true });
  await cp(join(shop.node, 'LICENSE'), join(local, 'share/doc/node/LICENSE'));
  await cp(npm, join(local, 'lib/node_modules/npm'), { recursive: true });
  await rm(join(local, 'lib/node_modules/npm/man'), { recursive: true, force: true });
  for (const program of ['npm', 'npx']) {
    await symlink(`../lib/node_modules/npm/bin/${program}-cli.js`, join(local, 'bin', program));
  }
  await normaliseModes(root);
  const nodeTar = await pack(root);
  return image(shop.arch, 'build', 'Debian 13 with a compiler and Node.js, for building Node.js functions', {
    layers: [
      { tar: debianTar, createdBy: 'stack/build.packages' },
      { tar: nodeTar, createdBy: `node ${STACK.node.version}, npm ${STACK.npm.version}` },
    ],
    User: `${build}:${group}`,
    Env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `CNB_USER_ID=${build}`,
      `CNB_GROUP_ID=${group}`,
      'CNB_PLATFORM_API=0.12',
      'LANG=C.UTF-8',
      // Platforms build as other users of the group too, who have no entry in /etc/passwd.
      'HOME=/home/cnb',
    ],
    WorkingDir: '/home/cnb',
  });
}

/** The run image: the files of a few packages, and Node. */
export async function runImage(shop: Workshop, debs: string): Promise<Image> {
  const root = join(shop.scratch, 'run');
  await extractPackages(debs, root);
  for (const path of UNUSED) await rm(join(root, path), { recursive: true, force: true });
  await keepCopyrightsOnly(join(root, 'usr/share/doc'));
  await writeAccounts(root);
  await bundleCertificates(root);
  const node = join(shop.scratch, 'run-node');
  await mkdir(join(node, 'usr/local/bin'), { recursive: true });
  await cp(join(shop.node, 'bin/node'), join(node, 'usr/local/bin/node'));
  await cp(join(shop.node, 'LICENSE'), join(node, 'usr/local/share/doc/node/LICENSE'));
  await normaliseModes(node);
  return image(shop.arch, 'run', 'The libraries and the Node.js that a function runs on, no shell', {
    layers: [
      { tar: await pack(root), createdBy: 'stack/run.packages' },
      { tar: await pack(node), createdBy: `node ${STACK.node.version}` },
    ],
    User: `${runUser}:${group}`,
    Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'LANG=C.UTF-8'],
    WorkingDir: '/',
  });
}

function image(
  arch: Arch,
  kind: 'build' | 'run',
  description: string,
  rest: Pick<Image, 'layers'> & Omit<ImageConfig, 'Labels'>,
): Image {
  const { layers, ...config } = rest;
  const base = 'io.buildpacks.base';
  const Labels = {
    [`${base}.id`]: 'io.openfunction.stacks.node',
    [`${base}.maintainer`]: 'OpenFunction',
    [`${base}.homepage`]: HOMEPAGE,
    [`${base}.released`]: STACK.released,
    [`${base}.description`]: description,
    [`${base}.distro.name`]: STACK.distribution.name,
    [`${base}.distro.version`]: STACK.distribution.version,
    'io.openfunction.node.version': STACK.node.version,
    'org.opencontainers.image.title': `openfunction/${kind}-node`,
    'org.opencontainers.image.description': description,
    'org.opencontainers.image.source': HOMEPAGE,
  };
  return { arch, created: STACK.released, layers, config: { ...config, Labels } };
}

async function pack(root: string): Promise<string> {
  await packFolder(root, `${root}.tar`);
  return `${root}.tar`;
}

/** Registry packages carry any mode; images get 755 for folders and programs, 644 for the rest. */
async function normaliseModes(root: string): Promise<void> {
  await run('chmod', ['-R', 'u=rwX,go=rX', root]);
  await run('find', [root, '-path', '*/usr/local/bin/*', '-type', 'f', '-exec', 'chmod', '755', '{}', '+']);
}

async function keepCopyrightsOnly(docs: string): Promise<void> {
  await run('find', [docs, '-type', 'f', '!', '-name', 'copyright', '-delete']);
  await run('find', [docs, '-xtype', 'l', '-delete']);
  await run('find', [docs, '-type', 'd', '-empty', '-delete']);
}

async function writeAccounts(root: string): Promise<void> {
  const passwd = [
    'root:x:0:0:root:/root:/sbin/nologin',
    'nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin',
    `cnb:x:${runUser}:${group}:cnb:/home/cnb:/sbin/nologin`,
  ];
  const groups = ['root:x:0:', 'tty:x:5:', 'nogroup:x:65534:', `cnb:x:${group}:`];
  await writeFile(join(root, 'etc/passwd'), `${passwd.join('\n')}\n`);
  await writeFile(join(root, 'etc/group'), `${groups.join('\n')}\n`);
  await writeFile(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  await mkdir(join(root, 'home/cnb'), { recursive: true });
  await run('chmod', ['1777', join(root, 'tmp'), join(root, 'var/tmp')]);
}

/** What update-ca-certificates would do: one file of all certificates, in the order of their names. */
async function bundleCertificates(root: string): Promise<void> {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.crt')).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  await mkdir(join(root, 'etc/ssl/certs'), { recursive: true });
  await writeFile(join(root, 'etc/ssl/certs/ca-certificates.crt'), texts.map((text) => `${text.trimEnd()}\n`).join(''));
}
