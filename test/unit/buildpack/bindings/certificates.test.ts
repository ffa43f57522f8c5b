import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Environment } from '../../../../src/base/setting.ts';
import { trustCertificates } from '../../../../src/buildpack/bindings/certificates.ts';
import { readBindings } from '../../../../src/libcnb/binding.ts';
import { failureOf } from '../../../support/failure.ts';
import { makeFolder } from '../../../support/workspace.ts';

const pem = (text: string): string => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

async function trusted(root: string): Promise<Environment> {
  return trustCertificates(await readBindings('', { SERVICE_BINDING_ROOT: root }), makeFolder());
}

test('without a binding nothing changes', async () => {
  expect(await trusted(makeFolder())).toEqual({});
  expect(await trusted(makeFolder({ 'npm/type': 'npmrc', 'npm/.npmrc': '' }))).toEqual({});
});

test('certificates of all bindings are trusted by Node.js and git', async () => {
  const root = makeFolder({
    'a/type': 'ca-certificates',
    'a/provider': 'us',
    'a/one.pem': pem('ONE'),
    'b/type': 'CA-Certificates',
    'b/two.pem': pem('TWO'),
  });
  const env = await trusted(root);
  expect(env['GIT_SSL_CAINFO']).toBe(env['NODE_EXTRA_CA_CERTS']);
  const text = readFileSync(env['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
  expect(text.endsWith(pem('ONE') + pem('TWO'))).toBe(true);
  expect(text).not.toContain('us\n');
});

test.each([
  ['a folder', { 'a/type': 'ca-certificates', 'a/one.pem/one.pem': 'ONE' }],
  ['a key', { 'a/type': 'ca-certificates', 'a/one.pem': '-----BEGIN PRIVATE KEY-----\n' }],
])('%s among the certificates is a coded error with its path', async (_, files) => {
  const root = makeFolder(files);
  expect(await failureOf(() => trusted(root), { root: join(root, 'a') })).toMatchSnapshot();
});
