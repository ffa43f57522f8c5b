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
}

async function open(packages: readonly RegistryPackage[], manifest: object, env: object = {}): Promise<Project> {
  const acme = await startAcme(packages);
  const files = { 'package.json': json({ name: 'app', ...manifest }), 'index.js': SOURCE, 'schema.model': '' };
  const site = makeSite(files);
  return {
    build: async (schema, note = '') => {
      site.forgetContents();
      rmSync(join(site.app, 'node_modules'), { recursive: true, force: true });
      writeFileSync(join(site.app, 'schema.model'), `${schema}\n`);
      writeFileSync(join(site.app, 'note.txt'), note);
      return site.build({ ...acme.env, ...env }, acme.bindings);
    },
  };
}

test('packages are installed again when a file that their install scripts looked at has changed', async () => {
  const manifest = { dependencies: { '@acme/client': '1.0.0' } };
  const project = await open([client({ postinstall: 'node generate.js' })], manifest);
  expect((await project.build('User')).output).toContain('models: User');
  expect((await project.build('User, Order')).output).toContain('models: User, Order');
  const same = await project.build('User, Order', 'changed');
  expect(same.output).toContain('Dependencies: reused, nothing that decides them has changed\n');
  expect(same.exitCode).toBe(0);
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
