// Builds a sample into an image, starts the image, calls the function and shows its answer.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { ROOT } from './cache.ts';
import { freePort } from './port.ts';

const OFN = join(ROOT, 'dist/cli/index.js');
const IMAGE = 'ofn-demo';
const WAIT_MS = 20_000;

const port = await freePort();
const build = ['build', 'samples/hello-typescript', '--image', IMAGE, '--env', 'FUNC_NAME=hello'];
const { exitCode = 1 } = await execa('node', [OFN, ...build], { cwd: ROOT, stdio: 'inherit', reject: false });
if (exitCode !== 0) process.exit(exitCode);
const running = execa('node', [OFN, 'run', IMAGE, '--port', String(port)], { cwd: ROOT, all: true, reject: false });
const url = `http://127.0.0.1:${port}/?name=you`;
const answer = await answerOf(url).finally(() => running.kill('SIGTERM'));
await running;
console.log(`GET ${url}\n${answer}`);

async function answerOf(url: string): Promise<string> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return `${response.status} ${await response.text()}`;
    if (Date.now() > deadline) throw new Error(`Nothing answers on ${url}.`);
    await pause(20);
  }
}
