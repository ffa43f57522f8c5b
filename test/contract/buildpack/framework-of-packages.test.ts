import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAcme } from '../../support/acme.ts';
import { makeSite } from '../../support/buildpack.ts';
import { json } from '../../support/shape.ts';

const FRAMEWORK = '@openfunction/functions-framework';
/** No registry has such a version. */
const NEVER = { [FRAMEWORK]: '^99.0.0' };
/** A package that is written for functions, such as a plugin of many of them. */
const SHARED = {
  name: '@acme/shared',
  files: { 'index.js': `const { http } = require('${FRAMEWORK}');\nhttp('hello', (req, res) => res.end('shared'));\n` },
};

/** Files and links below a folder that have a text in their name, their bytes or where they lead to. */
function holdersOf(text: string, folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) return readlinkSync(path).includes(text) ? [path] : [];
    return path.includes(text) || (entry.isFile() && readFileSync(path).includes(text)) ? [path] : [];
  });
}

test.each(
  [
    'npm',
    'pnpm@8.15.9',
    'pnpm@10.34.8',
    'pnpm@11.28.10',
    'pnpm@12.21.0',
    'yarn@1.22.22',
    'yarn@4.18.1',
    'bun@1.4.5',
  ].flatMap((manager) => [
    [manager, 'peerDependencies'],
    [manager, 'dependencies'],
  ]),
)('%s without a lock file: the framework in %s of a package is that of the image', async (manager, kind) => {
  const acme = await startAcme([{ ...SHARED, manifest: { [kind]: NEVER } }]);
  const site = makeSite({
    'package.json': json({
      name: 'app',
      ...(manager === 'npm' ? {} : { packageManager: manager }),
      dependencies: { '@acme/shared': '1.0.0' },
    }),
    'index.js': "require('@acme/shared');\n",
  });
  const { exitCode, output } = await site.build(acme.env, acme.bindings);
  expect([exitCode, output]).toEqual([0, expect.stringContaining('Function "hello": boots')]);
  expect(readlinkSync(join(site.layers, 'modules/node_modules', FRAMEWORK))).toBe(
    join(site.layers, 'framework/node_modules', FRAMEWORK),
  );
  // What managers took for it is nowhere in the image.
  expect(holdersOf('ofn-framework', site.layers)).toEqual([]);
  expect(holdersOf('0.0.0-of-the-image', site.layers)).toEqual([]);
});

test('npm with a lock file: the framework in peerDependencies of a package is that of the image', async () => {
  const acme = await startAcme([{ ...SHARED, manifest: { peerDependencies: NEVER } }]);
  const tarball = acme.registry.tarballs.get(SHARED.name) ?? Buffer.alloc(0);
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const dependencies = { [SHARED.name]: '1.0.0' };
  const locked = {
    '': { name: 'app', dependencies },
    [`node_modules/${SHARED.name}`]: {
      version: '1.0.0',
      resolved: `${acme.registry.url}${SHARED.name}/-/shared-1.0.0.tgz`,
      integrity,
      peerDependencies: NEVER,
    },
    [`node_modules/${FRAMEWORK}`]: { version: '99.0.0', resolved: 'https://registry.example/f.tgz', peer: true },
  };
  const site = makeSite({
    'package.json': json({ name: 'app', dependencies }),
    'package-lock.json': json({ name: 'app', lockfileVersion: 3, requires: true, packages: locked }),
    'index.js': "require('@acme/shared');\n",
  });
  const { exitCode, output } = await site.build(acme.env, acme.bindings);
  expect([exitCode, output]).toEqual([0, expect.stringContaining('Function "hello": boots')]);
});
