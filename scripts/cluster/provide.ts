import { needPrograms } from '../command.ts';
import { makeImages } from './images.ts';
import { unpackPackages } from './packages.ts';
import { buildProject, type ProjectName, PROJECTS } from './programs.ts';

/** The Debian packages of programs that are used as they are installed. */
const INSTALLED = {
  'docker-registry': 'docker-registry',
  flock: 'util-linux',
  git: 'git',
  ip: 'iproute2',
  iptables: 'iptables',
  openssl: 'openssl',
  skopeo: 'skopeo',
};

/** Builds and unpacks what a cluster takes, once, in the cache. */
export async function provideCluster(): Promise<void> {
  await needPrograms(INSTALLED);
  await unpackPackages();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of that object
  for (const name of Object.keys(PROJECTS) as ProjectName[]) await buildProject(name);
  await makeImages();
}
