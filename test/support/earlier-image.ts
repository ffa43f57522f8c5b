import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from './buildpack.ts';
import { contentsOf } from './contents.ts';
import { makeFolder } from './workspace.ts';

/** What a build prints that takes the previous image over. */
export const TAKEN = 'Nothing has changed since the previous image was built: it is taken over';

/** All that goes into the image of what is on disk when layers are taken over: the app, metadata, labels and bills. */
export function seen({ app, layers }: Site): readonly string[] {
  const files = readdirSync(layers).filter(
    (name) => lstatSync(join(layers, name)).isFile() && !/^(?:build|package-manager)\./.test(name),
  );
  const application = join(layers, 'application');
  return [
    ...contentsOf(app),
    ...files.map((name) => `${name}\n${readFileSync(join(layers, name), 'utf8')}`),
    ...(existsSync(application) ? contentsOf(application) : []),
  ];
}

/** Leaves what the next build gets where no cache survives: the source, and metadata. */
export function comeBack(site: Site, files: Readonly<Record<string, string>>): void {
  site.forgetContents();
  rmSync(site.app, { recursive: true });
  cpSync(makeFolder(files), site.app, { recursive: true });
}
