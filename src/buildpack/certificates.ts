import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FnError } from '../base/error.ts';
import type { Environment } from '../base/setting.ts';
import { readBindings } from '../libcnb/platform.ts';
import { faultOf, namesIn, writeText } from '../libcnb/text-file.ts';
import { readTextIfPresent } from './json-file.ts';

const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

/**
 * Collects the certificates of bindings of type `ca-certificates` in one file outside the image and gives the
 * variables that make Node.js, npm and git trust them: https://github.com/paketo-buildpacks/ca-certificates
 */
export async function trustBoundCertificates(platformDir: string, env: Environment): Promise<Environment> {
  const bindings = (await readBindings(platformDir, env)).filter(({ type }) => type === 'ca-certificates');
  const texts: string[] = [];
  for (const { folder } of bindings) {
    for (const name of await namesIn(folder)) {
      if (name === 'type' || name === 'provider' || name.startsWith('.')) continue;
      texts.push(await readCertificate(join(folder, name)));
    }
  }
  if (texts.length === 0) return {};
  // git takes this file instead of the system's certificates, so it has to hold those too.
  texts.unshift((await readTextIfPresent(SYSTEM_BUNDLE, 'OFN-BUILDPACK')) ?? '');
  const file = join(await mkdtemp(join(tmpdir(), 'ofn-ca-')), 'bundle.pem');
  await writeText(file, `${texts.join('\n')}\n`);
  return { NODE_EXTRA_CA_CERTS: file, GIT_SSL_CAINFO: file };
}

async function readCertificate(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trimEnd();
  } catch (error) {
    throw new FnError(`Couldn't read the certificate ${path}: ${faultOf(error)}.`, {
      code: 'OFN-CONFIG',
      hint: 'Put certificates, one PEM file each, directly into the service binding of type "ca-certificates".',
      cause: error,
    });
  }
}
