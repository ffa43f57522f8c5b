import { X509Certificate } from 'node:crypto';
import * as tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../src/base/log.ts';
import { trustBoundCertificates } from '../../../src/framework/certificates.ts';
import { makeFolder } from '../../support/workspace.ts';

/** What is trusted besides what was before, and what is printed. */
function trusted(root: string): { added: readonly string[]; lines: readonly string[] } {
  const before = tls.getCACertificates('default');
  onTestFinished(() => tls.setDefaultCACertificates(before));
  const lines: string[] = [];
  trustBoundCertificates(root, createLog({ write: (line: string) => lines.push(line) }));
  return { added: tls.getCACertificates('default').filter((one) => !before.includes(one)), lines };
}

const printOf = (certificate: string): string => new X509Certificate(certificate).fingerprint256;

const [ONE = '', TWO = ''] = tls.rootCertificates;

/** Trusts nothing but what the test adds. */
function trustNothing(): void {
  const before = tls.getCACertificates('default');
  onTestFinished(() => tls.setDefaultCACertificates(before));
  tls.setDefaultCACertificates([]);
}

test('certificates of bindings in both layouts, whatever else their files and other bindings hold', () => {
  trustNothing();
  const root = makeFolder({
    'a/type': 'CA-Certificates\n',
    'a/one.pem': `# one\n${ONE}\n`,
    'a/folder/two.pem': TWO,
    'b/metadata/kind': 'ca-certificates',
    'b/secret/two.pem': TWO,
    'c/type': 'npmrc',
    'c/.npmrc': ONE,
    'd/x': '',
    file: '',
  });
  const { added, lines } = trusted(root);
  expect(added.map(printOf).toSorted()).toEqual([ONE, TWO].map(printOf).toSorted());
  expect(lines).toEqual([]);
});

test('what is no certificate and a folder that is not there are warnings', () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  const root = makeFolder({ 'a/type': 'ca-certificates', 'a/one.pem': broken });
  for (const folder of [root, '/nowhere']) {
    const { added, lines } = trusted(folder);
    expect(added).toEqual([]);
    expect(lines).toEqual([
      expect.stringContaining(`WARNING: Certificates of service bindings in ${folder} are not trusted: `),
    ]);
  }
});
