import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { messageOf } from '../base/error.ts';
import type { Log } from '../base/log.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Largest file that is read, in bytes. */
const LIMIT = 1024 * 1024;

/**
 * Makes this process trust the certificates of the service bindings of type `ca-certificates` below `root`, beside those
 * that it trusts already. What can not be used is a warning: most functions are none the worse for it.
 */
export function trustBoundCertificates(root: string, log: Log): void {
  try {
    const certificates = foldersIn(root).flatMap(certificatesOf);
    if (certificates.length === 0) return;
    if (!('setDefaultCACertificates' in tls)) {
      log.warn('Certificates of service bindings are not trusted: that needs Node.js 22.19 or 24.5.');
      return;
    }
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...certificates]);
  } catch (error) {
    log.warn(`Certificates of service bindings in ${root} are not trusted: ${messageOf(error)}`);
  }
}

function foldersIn(root: string): readonly string[] {
  return readdirSync(root)
    .map((name) => join(root, name))
    .filter((path) => statSync(path).isDirectory());
}

/** The certificates of one binding, in today's layout or in that of `metadata` and `secret`. */
function certificatesOf(binding: string): readonly string[] {
  const type = textIn(binding, 'type');
  const kind = type ?? textIn(binding, 'metadata/kind');
  if (kind?.trim().toLowerCase() !== 'ca-certificates') return [];
  const folder = type === undefined ? join(binding, 'secret') : binding;
  return readdirSync(folder).flatMap((name) => textIn(folder, name)?.match(CERTIFICATE) ?? []);
}

function textIn(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  const info = statSync(path, { throwIfNoEntry: false });
  return info?.isFile() === true && info.size <= LIMIT ? readFileSync(path, 'utf8') : undefined;
}
