import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@iarna/toml';
import { expect, test } from 'vitest';
import { makeSite, type Site } from '../../support/buildpack.ts';

const PACKAGE = {
  name: 'shop',
  version: '1.2.3',
  description: 'Sells',
  license: 'MIT',
  author: 'Me',
  homepage: 'https://example.com',
  repository: 'me/shop',
};

/** The labels of the image that a build makes, and its decisions: value and source by subject. */
function readImage({ layers }: Site) {
  const launch: unknown = parse(readFileSync(join(layers, 'launch.toml'), 'utf8'));
  const { labels: pairs } = launch as { readonly labels: readonly { readonly key: string; readonly value: string }[] };
  const labels = new Map(pairs.map(({ key, value }) => [key, value]));
  const { decisions } = JSON.parse(labels.get('io.openfunction.plan') ?? '') as {
    readonly decisions: readonly { readonly subject: string; readonly value: string; readonly source: string }[];
  };
  return { labels, plan: new Map(decisions.map(({ subject, value, source }) => [subject, `${value} (${source})`])) };
}

test('the plan says of each label of OCI what it is, and who says so', async () => {
  const site = makeSite({
    'index.js': 'exports.hello = (req, res) => res.end();',
    'package.json': JSON.stringify(PACKAGE),
    'func.toml': '[openfunction.labels]\n"org.opencontainers.image.vendor" = "Shops"\n',
  });
  const env = { FUNC_NAME: 'hello', BP_OCI_TITLE: 'Hello', BP_IMAGE_LABELS: 'org.opencontainers.image.url=here' };
  expect(await site.build(env)).toMatchObject({ exitCode: 0 });
  const { labels, plan } = readImage(site);
  const prefix = 'org.opencontainers.image.';
  const said = [...plan].filter(([subject]) => subject.startsWith(`label ${prefix}`));
  expect(Object.fromEntries(said.map(([subject, what]) => [subject.replace(`label ${prefix}`, ''), what]))).toEqual({
    title: 'Hello (BP_OCI_TITLE)',
    description: 'Sells ("description" in package.json)',
    version: '1.2.3 ("version" in package.json)',
    licenses: 'MIT ("license" in package.json)',
    authors: 'Me ("author" in package.json)',
    url: 'here (BP_IMAGE_LABELS)',
    source: 'https://github.com/me/shop ("repository" in package.json)',
    documentation: 'none (default)',
    vendor: 'Shops ("labels" in func.toml or package.json)',
    revision: 'none (default)',
    created: 'none (default)',
  });
  for (const [subject, what] of said) {
    expect(what).toContain(`${labels.get(subject.replace('label ', '')) ?? 'none'} (`);
  }
});

test.each<[string, Record<string, string>, Record<string, string>, Record<string, string>]>([
  [
    'a function',
    { 'index.js': 'exports.hello = (req, res) => res.end();' },
    { FUNC_NAME: 'hello' },
    {
      'compile cache': 'on (default)',
      heap: '75 (default)',
      'label org.opencontainers.image.title': 'hello (default)',
    },
  ],
  [
    'a function that is not booted',
    { 'index.js': 'exports.hello = (req, res) => res.end();' },
    { FUNC_NAME: 'hello', BP_FUNCTION_CHECK: 'off' },
    { 'compile cache': 'none (the function is not booted: BP_FUNCTION_CHECK)' },
  ],
  [
    'an application',
    { 'server.js': '', 'package.json': '{"scripts": {"start": "node server.js"}}' },
    {},
    {
      'compile cache': 'none (no function is named)',
      'boot check': 'none (no function is named)',
      'signature type': 'none (no function is named)',
      TypeScript: 'as it is (default)',
      'project folder': '. (the lock file nearest to the source, or package.json)',
      'functions framework': expect.stringMatching(/^\d+\.\d+\.\d+/),
      'reuse of dependencies': 'none (nothing to install)',
      'label org.opencontainers.image.title': 'application (default)',
    },
  ],
])('the plan of %s says what the image has', async (_, files, env, wanted) => {
  const site = makeSite(files);
  expect(await site.build(env)).toMatchObject({ exitCode: 0 });
  expect(Object.fromEntries(readImage(site).plan)).toMatchObject(wanted);
});
