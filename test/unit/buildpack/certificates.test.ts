import { readFileSync } from 'node:fs';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { trustBoundCertificates } from '../../../src/buildpack/certificates.ts';
import { failureOf } from '../../support/failure.ts';
import { makeFolder } from '../../support/workspace.ts';

// The bundle goes where temporary files go; in a build that is gone with its container.
beforeEach(() => {
  vi.stubEnv('TMPDIR', makeFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
});

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

test('a folder among the certificates is a coded error with its path', async () => {
  const platform = makeFolder({ 'bindings/a/type': 'ca-certificates', 'bindings/a/more/one.pem': 'ONE' });
  expect(await failureOf(() => trustBoundCertificates(platform, {}), { platform })).toMatchInlineSnapshot(`
    "ERROR [OFN-CONFIG] Couldn't read the certificate <platform>/bindings/a/more: it is a folder.

    Put certificates, one PEM file each, directly into the service binding of type "ca-certificates"."
  `);
});
