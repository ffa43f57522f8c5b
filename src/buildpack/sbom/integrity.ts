const NAMES: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  sha512: { name: 'SHA-512', bytes: 64 },
  sha384: { name: 'SHA-384', bytes: 48 },
  sha256: { name: 'SHA-256', bytes: 32 },
  sha1: { name: 'SHA-1', bytes: 20 },
};

/** A checksum of a package's archive. */
export interface Checksum {
  /** Such as `SHA-512`. */
  readonly algorithm: string;
  /** In hex. */
  readonly value: string;
}

/** The checksums of an integrity text (https://www.w3.org/TR/sri/); what is none is passed over. */
export function checksumsOf(integrity: string | undefined): Checksum[] {
  return (integrity ?? '').split(/\s+/).flatMap((one) => {
    const dash = one.indexOf('-');
    const algorithm = NAMES[one.slice(0, dash)];
    const digest = Buffer.from(one.slice(dash + 1).replace(/\?.*$/, ''), 'base64');
    if (algorithm === undefined || digest.length !== algorithm.bytes) return [];
    return [{ algorithm: algorithm.name, value: digest.toString('hex') }];
  });
}

/** The integrity text of a digest in hex. */
export function integrityOf(algorithm: 'sha1' | 'sha256' | 'sha512', hex: string): string {
  return `${algorithm}-${Buffer.from(hex, 'hex').toString('base64')}`;
}
