import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { packagesIn, STACK, type Arch } from './definition.ts';
import { read, run } from './program.ts';

const { build, group } = STACK.user;

/** What no image needs: people read manuals elsewhere. Copyright files stay, as their licences ask. */
const UNUSED = [
  '/usr/share/man/*',
  '/usr/share/info/*',
  '/usr/share/locale/*',
  '/usr/share/doc/*',
  '/usr/share/lintian/*',
];

/** Downloads the run image's packages with mmdebstrap's configuration of apt, for its architecture. */
const download = (debs: string): string =>
  `--extract-hook=cd '${debs}' && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get download -qq ${packagesIn('run.packages').join(' ')}`;

/** Makes the build image's root file system as a tar file, and the run image's packages as files in `debs`. */
export async function bootstrap(arch: Arch, tar: string, debs: string): Promise<void> {
  await mkdir(debs, { recursive: true });
  const hooks = [
    `chroot "$1" groupadd --gid ${group} cnb`,
    `chroot "$1" useradd --uid ${build} --gid ${group} --create-home --shell /bin/bash cnb`,
    'chmod 0775 "$1"/home/cnb',
    'rm -f "$1"/var/log/*.log "$1"/var/log/apt/* "$1"/var/cache/ldconfig/* "$1"/etc/*- "$1"/etc/resolv.conf "$1"/etc/hostname',
  ];
  const args = [
    '--quiet',
    '--variant=minbase',
    `--architectures=${arch}`,
    `--include=${packagesIn('build.packages').join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=APT::Sandbox::User "root"',
    ...UNUSED.map((path) => `--dpkgopt=path-exclude=${path}`),
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    '--skip=output/dev',
    download(debs),
    ...hooks.map((hook) => `--customize-hook=${hook}`),
  ];
  await run('mmdebstrap', [...args, STACK.suite, tar]);
}

/** The run image's packages alone, as files in `debs`: nothing is installed, so the architecture may be any. */
export async function downloadRunPackages(arch: Arch, debs: string): Promise<void> {
  await mkdir(debs, { recursive: true });
  const nothing = ['--variant=extract', '--include=base-files', '--aptopt=APT::Sandbox::User "root"', '--format=null'];
  await run('mmdebstrap', ['--quiet', ...nothing, `--architectures=${arch}`, download(debs), STACK.suite, '-']);
}

/** Extracts packages into `root` as their files alone, their metadata where scanners of distroless images look. */
export async function extractPackages(debs: string, root: string): Promise<void> {
  const status = join(root, 'var/lib/dpkg/status.d');
  await mkdir(status, { recursive: true });
  const files = (await readdir(debs)).filter((name) => name.endsWith('.deb')).toSorted();
  // base-files goes first: it brings the links /bin, /lib, /lib64 and /sbin.
  for (const file of files.toSorted(
    (a, b) => Number(b.startsWith('base-files_')) - Number(a.startsWith('base-files_')),
  )) {
    const deb = join(debs, file);
    await run('dpkg-deb', ['--extract', deb, root]);
    const name = basename(file).split('_')[0] ?? file;
    const control = join(status, `${name}.control`);
    await run('dpkg-deb', ['--control', deb, control]);
    await writeFile(
      join(status, name),
      `${await readFile(join(control, 'control'), 'utf8')}Status: install ok installed\n`,
    );
    await writeFile(join(status, `${name}.md5sums`), await readFile(join(control, 'md5sums')).catch(() => ''));
    await rm(control, { recursive: true });
  }
}

/** Names and versions of the packages whose metadata `extractPackages` kept. */
export async function listPackages(debs: string): Promise<string[]> {
  const files = (await readdir(debs)).filter((name) => name.endsWith('.deb')).toSorted();
  return Promise.all(
    files.map((file) => read('dpkg-deb', ['--show', '--showformat=${Package} ${Version}', join(debs, file)])),
  );
}
