import { join } from 'node:path';
import type { EnvChange } from '../../libcnb/layer-env.ts';

/** Where a launch finds programs of the dependencies; after all else, so that node is always the image's. */
export function programPath(projectDir: string): EnvChange {
  return { name: 'PATH', action: 'append', value: join(projectDir, 'node_modules/.bin'), delimiter: ':' };
}

/** Where a launch finds packages that are required from outside the app, as OpenFunction's builder has it. */
export function packagePath(projectDir: string): EnvChange {
  return { name: 'NODE_PATH', action: 'default', value: join(projectDir, 'node_modules') };
}
