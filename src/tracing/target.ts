import { readFileSync } from 'node:fs';
import { FnError, messageOf } from '../base/error.ts';

/** Certificates in PEM, of which a collector's connection may need some. */
export interface Certificates {
  readonly ca?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
}

/** Where spans go, and how. */
export interface Target {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly gzip: boolean;
  /** Milliseconds that an attempt may take. */
  readonly timeout: number;
  readonly certificates: Certificates;
}

/** Reads the files that variables name; OFN-CONFIG when one can't be read. */
export function readCertificate(path: string | undefined, source: string): Buffer | undefined {
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    throw new FnError(`Couldn't read the certificate that ${source} names: ${messageOf(error)}.`, {
      code: 'OFN-CONFIG',
      hint: `Set ${source} to the path of a file in PEM, or leave it out.`,
      cause: error,
    });
  }
}

/** Where a URL leads, for people: without credentials, which may also stand in its query. */
export function placeOf({ origin, protocol, host, pathname }: URL): string {
  return `${origin === 'null' ? `${protocol}//${host}` : origin}${pathname}`;
}
