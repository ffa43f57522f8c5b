import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './workspace.ts';

/**
 * A folder that is laid out like nodejs.org/dist and has one version: a program that starts the Node.js of this test, with
 * the ABI 127 in its header.
 */
export function makeDist(version: string, arch: 'x64' | 'arm64' = 'x64'): string {
  const name = `node-v${version}-linux-${arch}`;
  const source = makeFolder({
    [`${name}/LICENSE`]: 'MIT',
    [`${name}/include/node/node_version.h`]: '#define NODE_MODULE_VERSION 127\n',
    [`${name}/lib/node_modules/npm/package.json`]: '{}',
  });
  mkdirSync(join(source, name, 'bin'));
  writeFileSync(join(source, name, 'bin/node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o700 });
  const dist = makeFolder({
    'index.json': JSON.stringify([
      { version: 'v22.100.0', files: ['linux-arm64', 'src'] },
      { version: `v${version}`, files: ['linux-arm64', 'linux-x64', 'src'] },
      { version: 'v20.1.0', files: ['linux-x64'] },
    ]),
  });
  const folder = join(dist, `v${version}`);
  mkdirSync(folder);
  const tarball = join(folder, `${name}.tar.gz`);
  execFileSync('tar', ['--create', '--gzip', '--file', tarball, '--directory', source, name]);
  const sum = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  writeFileSync(join(folder, 'SHASUMS256.txt'), `0000  node-v${version}.tar.gz\n${sum}  ${name}.tar.gz\n`);
  return dist;
}
