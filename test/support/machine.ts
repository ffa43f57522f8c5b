import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeFolder } from './workspace.ts';

/** A day and an hour, by which the other machine's clock is ahead. */
const SECONDS_AHEAD = 25 * 60 * 60;
/** A library that moves the clock of every program that loads it. */
const CLOCK = `#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *now) {
  int result = syscall(SYS_clock_gettime, clock, now);
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += ${SECONDS_AHEAD};
  return result;
}
int gettimeofday(struct timeval *now, void *zone) {
  struct timespec moved;
  int result = clock_gettime(CLOCK_REALTIME, &moved);
  now->tv_sec = moved.tv_sec;
  now->tv_usec = moved.tv_nsec / 1000;
  return result;
}
time_t time(time_t *now) {
  struct timespec moved;
  clock_gettime(CLOCK_REALTIME, &moved);
  if (now) *now = moved.tv_sec;
  return moved.tv_sec;
}
`;

/** Where builds see what they build: the same path on every machine, whatever folder is behind it. */
export interface Place {
  readonly app: string;
  readonly layers: string;
}

/** A machine that builds: everything about it that an image must not depend on. */
export interface Machine {
  readonly place: Place;
  readonly user: number;
  readonly umask: string;
  readonly hostName: string;
  /** Variables of its programs. */
  readonly env: Readonly<Record<string, string>>;
}

/** Two machines that have nothing in common but the path of the app and of the layers. */
export async function makeMachines(): Promise<readonly [Machine, Machine]> {
  const root = makeFolder();
  const place = { app: join(root, 'workspace'), layers: join(root, 'layers') };
  for (const folder of Object.values(place)) mkdirSync(folder);
  const one = { place, user: 1000, umask: '022', hostName: 'one', env: { TZ: 'UTC', LANG: 'C' } };
  const ahead = { LD_PRELOAD: await movedClock(), TZ: 'Asia/Kathmandu', LANG: 'C.UTF-8', USER: 'somebody' };
  return [one, { place, user: 4711, umask: '077', hostName: 'another', env: ahead }];
}

/** What to put before a command to run it on that machine, where `folders` are behind the place. */
export function on({ place, user, umask, hostName }: Machine, folders: Place): readonly string[] {
  const mounts = `mount --bind "$1" "$2"; mount --bind "$3" "$4"; hostname ${hostName}; umask ${umask}; cd "$2"; shift 4`;
  const asUser = `unshare --user --map-user=${user} --map-group=${user} -- "$@"`;
  const inside = ['sh', '-ec', `${mounts}; exec ${asUser}`, 'sh'];
  const where = [folders.app, place.app, folders.layers, place.layers];
  return ['unshare', '--user', '--map-root-user', '--mount', '--uts', ...inside, ...where];
}

async function movedClock(): Promise<string> {
  const folder = makeFolder({ 'clock.c': CLOCK });
  const library = join(folder, 'clock.so');
  await execa('cc', ['-shared', '-fPIC', '-o', library, join(folder, 'clock.c')]);
  return library;
}
