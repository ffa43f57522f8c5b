// Packages the buildpack as a file for `pack` for each architecture: dist/node-function-linux-<architecture>.cnb.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ARCHITECTURES } from '../stack/definition.ts';
import { assembleBuildpack } from './buildpack.ts';
import { ROOT } from './cache.ts';
import { run } from './command.ts';
import { findTools } from './tools.ts';

const { pack } = await findTools();
const folder = await mkdtemp(join(tmpdir(), 'ofn-package-'));
try {
  await assembleBuildpack(join(folder, 'buildpack'));
  await cp(join(ROOT, 'package.toml'), join(folder, 'package.toml'));
  const file = join(ROOT, 'dist', 'node-function.cnb');
  const targets = ARCHITECTURES.flatMap((arch) => ['--target', `linux/${arch}`]);
  const args = ['buildpack', 'package', file, '--format', 'file', '--config', 'package.toml', ...targets];
  // A file needs no engine.
  await run(pack, args, { cwd: folder, env: { PACK_HOME: join(folder, 'pack'), DOCKER_HOST: 'unix:///nonexistent' } });
} finally {
  await rm(folder, { recursive: true });
}
