import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trustBoundCertificates } from '../../../src/buildpack/certificates.ts';
import { makeFolder } from '../../support/workspace.ts';

test('without a binding nothing changes', async () => {
  expect(await trustBoundCertificates(makeFolder(), {})).toEqual({});
  expect(
    await trustBoundCertificates(makeFolder({ 'bindings/npm/type': 'npmrc', 'bindings/npm/.npmrc': '' }), {}),
  ).toEqual({});
});

test('certificates of all bindings are trusted by Node.js and git', async () => {
  const platform = makeFolder({
    'bindings/a/type': 'ca-certificates',
    'bindings/a/provider': 'us',
    'bindings/a/one.pem': 'ONE\n',
    'bindings/b/type': 'ca-certificates',
    'bindings/b/two.pem': 'TWO',
  });
  const env = await trustBoundCertificates(platform, {});
  expect(env['GIT_SSL_CAINFO']).toBe(env['NODE_EXTRA_CA_CERTS']);
  const text = readFileSync(env['NODE_EXTRA_CA_CERTS'] ?? '', 'utf8');
  expect(text).toMatch(/ONE\nTWO\n$/);
  expect(text).not.toContain('us\n');
});
