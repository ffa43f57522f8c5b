import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { startContainer } from '../support/container.ts';
import { packBuild, variables } from '../support/image.ts';
import { startRegistry } from '../support/registry.ts';
import { json } from '../support/shape.ts';
import { makeFolder } from '../support/workspace.ts';

const IMAGE = 'ofn-test-secrets';
/** What must be nowhere, and what is known to be there. */
const CANARY = 'c4nary-0f-a-bu1ld';
const ANSWER = 'hello from acme';

test('no part of an image has a secret of its build', async () => {
  const registry = await startRegistry(CANARY, [
    { name: '@acme/greeting', files: { 'index.js': `module.exports = () => '${ANSWER}';\n` } },
  ]);
  const source = makeFolder({
    'package.json': json({ name: 'app', private: true, dependencies: { '@acme/greeting': '1.0.0' } }),
    'index.js': "exports.hello = (req, res) => res.end(require('@acme/greeting')());\n",
    '.npmrc': `//npm.example.com/:_authToken=${CANARY}\n`,
  });
  const bindings = makeFolder({
    'npm/type': 'npmrc',
    'npm/.npmrc': `@acme:registry=${registry.url}\n${registry.key}:_authToken=${CANARY}\n`,
    'ca/type': 'ca-certificates',
    'ca/acme.pem': registry.authority,
  });
  // Who builds is another user than the one who tests.
  chmodSync(bindings, 0o755);
  const env = variables({ FUNC_NAME: 'hello', FUNC_DEBUG: 'on', NPM_TOKEN: CANARY });
  const platform = ['--volume', `${bindings}:/platform/bindings:ro`, '--network', 'host'];
  const output = await packBuild(source, IMAGE, '--builder', 'openfunction/builder-node', ...platform, ...env);
  expect(output).toContain('boots');
  expect(output).not.toContain(CANARY);
  const saved = join(makeFolder(), 'image.tar');
  await execa('docker', ['save', '--output', saved, IMAGE]);
  // Layers, labels and history are in it as they are: what is known to be there shows that it can be seen.
  const bytes = readFileSync(saved);
  expect(bytes.includes(ANSWER)).toBe(true);
  expect(bytes.includes(CANARY)).toBe(false);
  const { url } = await startContainer(IMAGE, '12345:54321');
  expect(await (await fetch(url)).text()).toBe(ANSWER);
});
