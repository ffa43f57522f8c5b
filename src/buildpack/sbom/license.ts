import parse from 'spdx-expression-parse';
import { isTable } from '../../base/table.ts';

/** What a licence is to SPDX: an identifier of its list, an expression of several, or a name that it does not know. */
export type LicenseKind = 'id' | 'expression' | 'name';

/** Tells them apart: https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/ */
export function licenseKind(text: string): LicenseKind {
  try {
    const parsed = parse(text);
    // What it refers to is in another document, which is not at hand.
    if (/LicenseRef-/.test(text)) return 'name';
    return 'license' in parsed && parsed.plus !== true && parsed.exception === undefined ? 'id' : 'expression';
  } catch {
    return 'name';
  }
}

/**
 * The licence that a package.json names, also as it was written in npm's first years: a table with a `type`, or a list
 * `licenses` of such, any of which will do.
 */
export function licenseOf(manifest: Readonly<Record<string, unknown>>): string | undefined {
  const list = Array.isArray(manifest['licenses']) ? manifest['licenses'] : [];
  const names = [manifest['license'], ...list].flatMap((value: unknown) => nameOf(value) ?? []);
  if (names.length < 2 || nameOf(manifest['license']) !== undefined) return names[0];
  return `(${names.join(' OR ')})`;
}

function nameOf(value: unknown): string | undefined {
  const name = isTable(value) ? value['type'] : value;
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : undefined;
}
