import { EPOCH } from './definition.ts';
import { run } from './program.ts';

/** Packs a folder so that the same files give the same bytes: sorted, one time stamp, root's unless `owner` says. */
export async function packFolder(folder: string, tar: string): Promise<void> {
  const same = ['--sort=name', `--mtime=@${EPOCH}`, '--numeric-owner', '--format=gnu', '--owner=0', '--group=0'];
  await run('tar', ['--create', '--file', tar, '--directory', folder, ...same, '.']);
}
