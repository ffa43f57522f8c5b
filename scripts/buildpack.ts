import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ROOT } from './cache.ts';

/** All that a packaged buildpack has: the phases, and the framework they put into images. */
const FILES = [
  'LICENSE',
  'bin',
  'build/apisix',
  'build/base',
  'build/bill.json',
  'build/check',
  'build/framework',
  'build/framework.json',
  'build/keel',
  'build/node_modules',
  'build/runner',
  'build/serve',
  'buildpack.toml',
  'dist/build',
  'dist/detect',
  'dist/download',
  'dist/shipwright',
  'dist/witness',
  'package.json',
];

/** Copies the buildpack's files into `folder`. */
export async function assembleBuildpack(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  for (const file of FILES) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(ROOT, file), join(folder, file), { recursive: true });
  }
}
