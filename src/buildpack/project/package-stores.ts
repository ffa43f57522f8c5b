/**
 * Folders of a node_modules in which managers keep packages beside each other, to link to them: pnpm, bun, and npm with
 * `install-strategy=linked` (https://pnpm.io/symlinked-node-modules-structure).
 */
export const STORES: ReadonlySet<string> = new Set(['.pnpm', '.bun', '.store']);

/** The same as a pattern: one with `**` passes over folders that begin with a dot. */
export const ANY_STORE: string = `{${[...STORES].join(',')}}`;
