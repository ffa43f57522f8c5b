import { expect, test } from 'vitest';
import { creatorArguments } from '../../../src/shipwright/creator.ts';
import { readArguments } from '../../../src/shipwright/request.ts';

const NEEDED = {
  app: '/workspace/source/a b',
  image: 'registry.example.com/me/hello:1',
  'digest-file': '/r/digest',
  'reason-file': '/r/reason',
  'message-file': '/r/message',
};
const flags = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`);
const creator = (more: Readonly<Record<string, string>>, ...rest: readonly string[]) =>
  creatorArguments(readArguments([...flags({ ...NEEDED, ...more }), ...rest]).request);

test('the arguments of the creator, with nothing else asked for', () => {
  expect(creator({ 'run-image': '', 'cache-image': '' })).toMatchInlineSnapshot(`
    [
      "-no-color",
      "-app=/workspace/source/a b",
      "-cache-dir=/cache",
      "-layers=/layers",
      "-log-level=info",
      "-platform=/platform",
      "-report=/layers/report.toml",
      "-skip-restore=false",
      "registry.example.com/me/hello:1",
    ]
  `);
});

test('the arguments of the creator, with all that can be asked for', () => {
  const more = {
    'run-image': 'r/run',
    'cache-image': 'r/cache',
    'clear-cache': 'true',
    'log-level': 'debug',
    insecure: 'true',
  };
  expect(creator(more, '--', 'registry.example.com', 'other:5000')).toMatchInlineSnapshot(`
    [
      "-no-color",
      "-app=/workspace/source/a b",
      "-cache-dir=/cache",
      "-cache-image=r/cache",
      "-parallel",
      "-insecure-registry=registry.example.com",
      "-insecure-registry=other:5000",
      "-layers=/layers",
      "-log-level=debug",
      "-platform=/platform",
      "-report=/layers/report.toml",
      "-run-image=r/run",
      "-skip-restore=true",
      "registry.example.com/me/hello:1",
    ]
  `);
});

test.each([
  ['localhost:5000/hello', 'localhost:5000'],
  ['localhost/hello', 'localhost'],
  ['10.0.0.1:5000/me/hello', '10.0.0.1:5000'],
  ['me/hello', 'index.docker.io'],
  ['hello:1.0', 'index.docker.io'],
])('the insecure registry of %s is %s', (image, host) => {
  const { request } = readArguments(flags({ ...NEEDED, image, insecure: 'true' }));
  expect(request.insecureRegistries).toEqual([host]);
});

test.each(['TRUE', 'yes', ''])('clear-cache can not be "%s"', (value) => {
  expect(() => readArguments(flags({ ...NEEDED, 'clear-cache': value }))).toThrow('neither "true" nor "false"');
});

test.each([[['--colour=red']], [[]], [['--image=x']]])('%j is refused', (args) => {
  expect(() => readArguments(args)).toThrowErrorMatchingSnapshot();
});
