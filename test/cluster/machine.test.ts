import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { machine } from '../../scripts/cluster/namespaces.ts';
import { start } from '../support/process.ts';
import { makeFolder } from '../support/workspace.ts';

const OVERCOMMIT = '/proc/sys/vm/overcommit_memory';

/** Whether there is a process of this command. */
async function runs(command: string): Promise<boolean> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.replaceAll('\0', ' ').trimEnd() === command) return true;
  }
  return false;
}

test('what runs on the machine ends with the process that started it, even when that is killed', async () => {
  const [program = '', ...args] = await machine(join(makeFolder(), 'state'));
  const running = start(program, [...args, 'sh', '-c', 'setsid sleep 600.25 & echo started; wait']);
  await running.printed('started');
  expect(await runs('sleep 600.25')).toBe(true);
  running.kill('SIGKILL');
  await expect.poll(async () => runs('sleep 600.25'), { timeout: 10_000 }).toBe(false);
});

test('what is written on the machine, or set by it, stays there', async () => {
  const state = join(makeFolder(), 'state');
  const before = await readFile(OVERCOMMIT, 'utf8');
  const script = `echo 2 > ${OVERCOMMIT}; cat ${OVERCOMMIT}; touch /usr/left-behind /var/left-behind /run/left-behind`;
  const [program = '', ...args] = await machine(state);
  expect((await execa(program, [...args, 'sh', '-c', script])).stdout).toBe('2');
  expect(await readFile(OVERCOMMIT, 'utf8')).toBe(before);
  for (const folder of ['/usr', '/var', '/run']) expect(await readdir(folder)).not.toContain('left-behind');
  expect(await readdir(join(state, 'overlay/usr'))).toContain('left-behind');
});
