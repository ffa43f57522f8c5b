import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAcme } from '../../support/acme.ts';
import { makeSite, type Phase } from '../../support/buildpack.ts';
import type { RegistryPackage } from '../../support/registry.ts';
import { json } from '../../support/shape.ts';

/** As clients of object-relational mappers do: what they are made of is a file of the app, what is made is beside them. */
const GENERATE = `const fs = require('fs');
const { dirname, join } = require('path');
const schema = join(process.env.INIT_CWD ?? process.cwd(), 'schema.model');
const target = join(dirname(dirname(dirname(require.resolve('@acme/client/package.json')))), '.acme');
fs.mkdirSync(target, { recursive: true });
if (fs.existsSync(schema)) fs.writeFileSync(join(target, 'index.js'), 'module.exports = ' + JSON.stringify(fs.readFileSync(schema, 'utf8').trim()));
`;
const client = (scripts: object): RegistryPackage => ({
  name: '@acme/client',
  manifest: { scripts },
  files: { 'index.js': "module.exports = require('../../.acme/index.js');\n", 'generate.js': GENERATE },
});
const GENERATOR: RegistryPackage = {
  name: '@acme/generator',
  manifest: { bin: { acme: 'generate.js' } },
  files: { 'generate.js': `#!/usr/bin/env node\n${GENERATE}`, 'cache.js': '' },
};
const SOURCE = `console.log('models: ' + require('@acme/client'));\nexports.hello = (req, res) => res.end();\n`;

interface Project {
  /** Builds where no cache survived, after the schema and, for all that `note` is, the source was set. */
  build(schema: string, note?: string): Promise<Phase>;
  /** The same with the cache of the build before. */
  buildWithCache(schema: string): Promise<Phase>;
}

async function open(packages: readonly RegistryPackage[], manifest: object, env: object = {}): Promise<Project> {
  const acme = await startAcme(packages);
  const files = { 'package.json': json({ name: 'app', ...manifest }), 'index.js': SOURCE, 'schema.model': '' };
  const site = makeSite(files);
  const build = async (schema: string, note = ''): Promise<Phase> => {
    rmSync(join(site.app, 'node_modules'), { recursive: true, force: true });
    writeFileSync(join(site.app, 'schema.model'), `${schema}\n`);
    writeFileSync(join(site.app, 'note.txt'), note);
    return site.build({ ...acme.env, ...env }, acme.bindings);
  };
  return {
    build: async (schema, note) => {
      site.forgetContents();
      return build(schema, note);
    },
    buildWithCache: async (schema) => build(schema),
  };
}

const SHELL = `mkdir -p ../../.acme && echo "module.exports = '$(cat $INIT_CWD/schema.model)'" > ../../.acme/index.js`;

test('bun does not take over what install scripts made of another schema', async () => {
  const project = await open([client({ postinstall: 'node generate.js' })], {
    packageManager: 'bun@1.4.5',
    trustedDependencies: ['@acme/client'],
    dependencies: { '@acme/client': '1.0.0' },
  });
  expect((await project.build('User')).output).toContain('models: User');
  expect((await project.build('Order')).output).toContain('models: Order');
});

test.each([
  ['of Node.js', 'node generate.js'],
  ['of Node.js with options of its own', 'NODE_OPTIONS=--no-deprecation node generate.js'],
  ['in another language', SHELL],
])('packages are installed again when a file that install scripts %s read has changed', async (_, postinstall) => {
  const manifest = { dependencies: { '@acme/client': '1.0.0' } };
  const project = await open([client({ postinstall })], manifest);
  expect((await project.build('User')).output).toContain('models: User');
  const changed = await project.build('User, Order');
  expect(changed.output).toContain('Dependencies: installing\n');
  expect(changed.output).toContain('models: User, Order');
  const same = await project.build('User, Order', 'changed');
  expect(same.output).toContain('Dependencies: reused, nothing that decides them has changed\n');
  expect(same.exitCode).toBe(0);
});

test('pnpm does not take what install scripts made of another schema from its store', async () => {
  const project = await open([client({ postinstall: 'node generate.js' })], {
    packageManager: 'pnpm@10.34.8',
    pnpm: { onlyBuiltDependencies: ['@acme/client'] },
    dependencies: { '@acme/client': '1.0.0' },
  });
  expect((await project.build('User')).output).toContain('models: User');
  const { exitCode, output } = await project.buildWithCache('Order');
  expect([exitCode, output]).toEqual([0, expect.stringContaining('models: Order')]);
});

test('a package of a scope of its own that a build script makes is in the image', async () => {
  const make = "fs.cpSync('schema.model', 'node_modules/@generated/client/index.js')";
  const manifest = { scripts: { build: `node -e "${make}"` }, dependencies: { '@acme/client': '1.0.0' } };
  const other = { ...client({}), files: { 'index.js': "module.exports = require('@generated/client');\n" } };
  const project = await open([other], manifest, { BP_NODE_RUN_SCRIPTS: 'build' });
  const { exitCode, output } = await project.build('module.exports = "User"');
  expect([exitCode, output]).toEqual([0, expect.stringContaining('models: User')]);
});

test.each(['npm', 'pnpm@10.34.8'])(
  '%s: what a build script makes in node_modules is in the image, without devDependencies',
  async (manager) => {
    const manifest = {
      ...(manager === 'npm' ? {} : { packageManager: manager }),
      scripts: {
        build: 'acme && node -e "fs.writeFileSync(require.resolve(\'@acme/generator/cache.js\'), String(Date.now()))"',
      },
      dependencies: { '@acme/client': '1.0.0' },
      devDependencies: { '@acme/generator': '1.0.0' },
    };
    const project = await open([client({}), GENERATOR], manifest, { BP_NODE_RUN_SCRIPTS: 'build' });
    const first = await project.build('User');
    expect([first.exitCode, first.output]).toEqual([0, expect.stringContaining('models: User')]);
    const second = await project.build('Order');
    expect([second.exitCode, second.output]).toEqual([0, expect.stringContaining('models: Order')]);
    expect((await project.build('Order', 'changed')).output).toContain('Dependencies: reused');
  },
);
