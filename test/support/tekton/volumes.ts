import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** Has the programs that stand for kubelet, for the step that fetches sources, and for the reader of results. */
const HELPER = 'openfunction/builder-node';

/** Makes volumes of the engine by these names, empty, root's and open to all; they are gone when the test ends. */
export async function makeVolumes(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  return make(names, 'chmod 0777 /v/*');
}

/** Makes a volume as a claim is one that a group may write to; it is gone when the test ends. */
export async function makeClaim(group: number): Promise<string> {
  return (await make(['claim'], `chgrp ${group} /v/claim && chmod 2775 /v/claim`))['claim'] ?? '';
}

async function make(names: readonly string[], script: string): Promise<Readonly<Record<string, string>>> {
  const pod = `ofn-test-${randomUUID().slice(0, 8)}`;
  const volumes = Object.fromEntries(names.map((name) => [name, `${pod}-${name}`]));
  onTestFinished(async () => void (await execa('docker', ['volume', 'rm', '--force', ...Object.values(volumes)])));
  await execa('docker', inHelper(volumes, script));
  return volumes;
}

/** Puts the content of a folder into a volume, as files of `owner`, `UID:GID`; the volume's own folder stays as it is. */
export async function fillVolume(volume: string, folder: string, owner: string): Promise<void> {
  const [user = '', group = ''] = owner.split(':');
  const who = [`--owner=${user}`, `--group=${group}`, '--numeric-owner'];
  const tar = execa('tar', ['--create', '--directory', folder, ...who, '--', ...readdirSync(folder)], {
    encoding: 'buffer',
  });
  await tar.pipe('docker', inHelper({ volume }, 'tar --extract --directory /v/volume'));
}

/** Paths of the files of a volume. */
export async function filesOf(volume: string): Promise<string[]> {
  const { stdout } = await execa('docker', inHelper({ volume }, "find /v/volume -type f -printf '%P\\n'"));
  return stdout.split('\n').toSorted();
}

/** Texts of the files right in a volume, by their names. */
export async function readVolume(volume: string): Promise<Readonly<Record<string, string>>> {
  const script = `cd /v/volume && for name in *; do [ ! -e "$name" ] || printf '%s=%s\\0' "$name" "$(cat "$name")"; done`;
  const { stdout } = await execa('docker', inHelper({ volume }, script));
  const entries = stdout.split('\0').filter((entry) => entry !== '');
  return Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s, 2)));
}

/** Arguments of `docker` that run a script as root with volumes below /v. */
function inHelper(volumes: Readonly<Record<string, string>>, script: string): string[] {
  const mounts = Object.entries(volumes).flatMap(([name, volume]) => mount(volume, `/v/${name}`));
  return ['run', '--rm', '--interactive', '--user', '0:0', ...mounts, '--entrypoint', '/bin/sh', HELPER, '-c', script];
}

/**
 * Arguments of `docker` that mount a volume of the engine, or a folder, which can only be read. Volumes of an engine are
 * filled from the image unless told not to; a pod's are not.
 */
export function mount(volume: string, path: string, readOnly = false): string[] {
  const isFolder = volume.startsWith('/');
  const how = isFolder ? ['type=bind'] : ['type=volume', 'volume-nocopy'];
  if (isFolder || readOnly) how.push('readonly');
  return ['--mount', [...how, `source=${volume}`, `target=${path}`].join(',')];
}
