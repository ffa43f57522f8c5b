import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, renameSync, rmSync, unlinkSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FnError, messageOf } from '../../base/error.ts';

/** What the kernel takes for the path of a socket, without the NUL behind it: https://man7.org/linux/man-pages/man7/unix.7.html */
const LONGEST_PATH = 107;

/** APISIX's workers are often `nobody` while the runner is root; to connect is to write. */
const MODE = 0o766;

/** A socket that APISIX can find. */
export interface PublishedSocket {
  /** Removes it, unless somebody else has put another one in its place. */
  remove(): void;
}

/**
 * Where to listen before the socket is published: beside it, with a name of its own.
 * OFN-APISIX-LISTEN for a path that is too long, that can't be looked at, or that is taken by something that is no socket.
 */
export function stagingPath(path: string): string {
  const length = Buffer.byteLength(path);
  if (length > LONGEST_PATH) {
    throw refusal(path, `it has ${length} bytes, and sockets have paths of at most ${LONGEST_PATH}`, SHORTEN);
  }
  const staging = join(dirname(path), stagingName(basename(path)));
  if (lookAt(dirname(path)) === undefined) throw refusal(path, `there is no folder ${dirname(path)}`);
  const taken = lookAt(path);
  if (taken !== undefined && !taken.isSocket()) throw refusal(path, 'something else than a socket has that name');
  return staging;
}

/** A name of its own that is no longer than the one that it is going to have. */
function stagingName(name: string): string {
  const random = `.${randomBytes(4).toString('hex')}`.slice(0, Math.max(2, Buffer.byteLength(name)));
  if (Buffer.byteLength(name) > 1) return random;
  return name === '0' ? '1' : '0';
}

const SHORTEN = 'Set APISIX_LISTEN_ADDRESS to unix: and a shorter path, such as unix:/tmp/runner.sock.';

/**
 * Gives a socket its name in one step, in the place of one that was left behind or that belongs to a runner on its way
 * out: APISIX finds one of them at any time. OFN-APISIX-LISTEN when that fails.
 */
export function publish(staging: string, path: string): PublishedSocket {
  try {
    chmodSync(staging, MODE);
    renameSync(staging, path);
  } catch (error) {
    rmSync(staging, { force: true });
    throw refusal(path, messageOf(error), undefined, error);
  }
  const own = lookAt(path);
  return {
    remove() {
      try {
        const found = lookAt(path);
        if (found !== undefined && found.ino === own?.ino && found.dev === own.dev) unlinkSync(path);
      } catch {
        // It stays behind as that of a runner that was killed; the next one takes its place.
      }
    },
  };
}

const LISTEN_ELSEWHERE =
  'Set APISIX_LISTEN_ADDRESS to unix: and the path of a socket in a folder that can be written to.';

function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw refusal(path, messageOf(error), undefined, error);
  }
}

/** Why there is no socket. */
export function refusal(path: string, why: string, hint: string = LISTEN_ELSEWHERE, cause?: unknown): FnError {
  return new FnError(`Couldn't listen at ${path}: ${why}.`, { code: 'OFN-APISIX-LISTEN', hint, cause });
}
