import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSite } from '../../support/buildpack.ts';
import { json, launchEnvironment } from '../../support/shape.ts';

const GIVEN = { PATH: '/usr/bin' };

test('a launch of a function finds programs and packages of the app', async () => {
  const site = makeSite({ 'index.js': 'exports.hello = (req, res) => res.end();\n' });
  expect(await site.build({ FUNC_NAME: 'hello' })).toMatchObject({ exitCode: 0 });
  const modules = join(site.app, 'node_modules');
  expect(await launchEnvironment(site.layers, GIVEN)).toMatchObject({
    PATH: `/usr/bin:${modules}/.bin`,
    NODE_PATH: modules,
  });
  // What a launch says wins.
  expect(await launchEnvironment(site.layers, { ...GIVEN, NODE_PATH: '/own' })).toMatchObject({ NODE_PATH: '/own' });
});

test('a launch of an application finds its programs', async () => {
  const site = makeSite({ 'package.json': json({ scripts: { start: 'node server.js' } }), 'server.js': '' });
  expect(await site.build()).toMatchObject({ exitCode: 0 });
  const env = await launchEnvironment(site.layers, GIVEN);
  expect(env['PATH']).toBe(`/usr/bin:${site.app}/node_modules/.bin`);
  expect(env).not.toHaveProperty('NODE_PATH');
});
