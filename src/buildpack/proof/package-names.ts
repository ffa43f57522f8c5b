import { absenceOf } from '../project/package-imports.ts';

/** Names of a package that the app's own modules read. */
export interface WantedNames {
  /** The demand of the import. */
  readonly subject: string;
  readonly members: readonly string[];
  /** Whether a compiler's helper gives it a default export where it has none. */
  readonly hasInterop: boolean;
}

/** Demands on a package that is loaded: one for each name, whether it has it or not. Getters of its names do not run. */
export function demandsOfNames(exports: unknown, { subject, members, hasInterop }: WantedNames): string[] {
  const isDefault = hasInterop && !hasName(exports, '__esModule');
  const defaultExport = isDefault ? exports : readDefault(exports);
  return members.map((member) => {
    const ofDefault = /^default\.(.*)/.exec(member)?.[1];
    const isThere =
      ofDefault === undefined
        ? (member === 'default' && isDefault) || hasName(exports, member)
        : hasName(defaultExport, ofDefault);
    const demand = `${subject} ${member}`;
    return isThere ? demand : absenceOf(demand);
  });
}

function hasName(value: unknown, name: string): boolean {
  return value !== undefined && value !== null && name in new Object(value);
}

function readDefault(exports: unknown): unknown {
  return hasName(exports, 'default') ? Reflect.get(new Object(exports), 'default') : undefined;
}
