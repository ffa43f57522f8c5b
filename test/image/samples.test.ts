import { expect, test } from 'vitest';
import { freePort } from '../../scripts/port.ts';
import { artefact } from '../support/artefact.ts';
import { startContainer } from '../support/container.ts';
import { buildImage, copyOfSample } from '../support/image.ts';
import { start } from '../support/process.ts';

const HELLO = ['--env', 'FUNC_NAME=hello'];
const EVENT = { id: '1', source: '/test', type: 'com.example.uploaded', specversion: '1.0', data: { name: 'cat' } };
const post = (type: string, body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type },
  body: JSON.stringify(body),
});

interface Sample {
  readonly sample: string;
  readonly args: readonly string[];
  readonly path?: string;
  readonly init?: RequestInit;
  readonly answer: RegExp;
}

const SAMPLES: Sample[] = [
  { sample: 'hello-commonjs', args: HELLO, answer: /^Hello, World!\n$/ },
  { sample: 'hello-esm', args: HELLO, answer: /^Hello, World!\n$/ },
  { sample: 'hello-typescript', args: HELLO, answer: /^\{"message":"Hello, World!","at":"[^"]+"\}$/ },
  { sample: 'disk-usage', args: [], answer: /^\{"free":"[\d.]+ \w?B","total":"[\d.]+ \w?B"\}$/ },
  {
    sample: 'cloudevent',
    args: ['--env', 'FUNC_NAME=thumbnail'],
    init: post('application/cloudevents+json', EVENT),
    answer: /^\{"name":"cat\.png"\}$/,
  },
  {
    sample: 'routes',
    args: ['--env', 'FUNC_NAME=show,price,health'],
    path: '/price',
    init: post('application/json', { items: [1, 2] }),
    answer: /^\{"price":4\}$/,
  },
];

test.each(SAMPLES)(
  '$sample built with pack answers as any user on a read-only root',
  async ({ sample, args, path = '/', init, answer }) => {
    const image = `ofn-test-${sample}`;
    await buildImage('docker', copyOfSample(sample), image, ...args);
    const { url } = await startContainer(image, '12345:54321');
    expect(await (await fetch(new URL(path, url), init)).text()).toMatch(answer);
  },
);

test.each(SAMPLES)(
  '$sample built without a daemon answers as any user on a read-only root',
  async ({ sample, args, path = '/', init, answer }) => {
    const image = `ofn-test-${sample}`;
    await buildImage('none', copyOfSample(sample), image, ...args);
    const port = String(await freePort());
    const run = ['run', image, '--engine', 'none', '--user', '12345', '--port', port, '--env', 'NODE_ENV=development'];
    const running = start('node', [artefact('dist/cli/index.js'), ...run]);
    expect(await running.printed('URL: http://localhost:')).toContain('Serving function...');
    expect(await (await fetch(`http://127.0.0.1:${port}${path}`, init)).text()).toMatch(answer);
    running.kill('SIGTERM');
    expect((await running.ended).exitCode).toBe(0);
  },
);
