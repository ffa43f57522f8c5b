import { join } from 'node:path';
import type { Environment } from '../../base/setting.ts';
import { readEntry, type Binding } from '../../libcnb/binding.ts';
import { writeText } from '../../libcnb/text-file.ts';
import { readTextIfPresent } from '../project/json-file.ts';
import { bindingError } from './binding-error.ts';

/** The type of bindings that hold certificates. */
export const CERTIFICATES_TYPE = 'ca-certificates';

const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const CERTIFICATE = /^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----$/m;

/**
 * Collects the certificates of bindings of type `ca-certificates` in a file of `folder` and gives the variables that
 * make Node.js, package managers and git trust them: https://github.com/paketo-buildpacks/ca-certificates
 */
export async function trustCertificates(bindings: readonly Binding[], folder: string): Promise<Environment> {
  const texts: string[] = [];
  for (const { type, entries } of bindings) {
    if (type !== CERTIFICATES_TYPE) continue;
    for (const path of entries.values()) texts.push(await readCertificates(path));
  }
  if (texts.length === 0) return {};
  // git and bun take this file instead of the system's certificates, so it has to hold those too.
  texts.unshift((await readTextIfPresent(SYSTEM_BUNDLE, 'OFN-BUILDPACK')) ?? '');
  const file = join(folder, 'ca-certificates.pem');
  await writeText(file, `${texts.join('\n')}\n`);
  return { NODE_EXTRA_CA_CERTS: file, GIT_SSL_CAINFO: file };
}

async function readCertificates(path: string): Promise<string> {
  const text = (await readEntry(path)).trimEnd();
  if (CERTIFICATE.test(text)) return text;
  throw bindingError(
    `trust ${path}: it holds no certificate in PEM format`,
    'Put certificates alone into the service binding of type "ca-certificates"; "openssl x509 -inform der -in FILE" turns a binary one into PEM.',
  );
}
