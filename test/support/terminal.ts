import type { Terminal } from '../../src/cli/terminal.ts';

/** A terminal of nobody, and what was printed to it. */
export function terminalOf(changes: Partial<Terminal> = {}): Terminal & { readonly printed: () => string } {
  let text = '';
  const out = { write: (more: string) => void (text += more) };
  return {
    env: {},
    cwd: '/',
    uid: 0,
    gid: 0,
    platform: 'linux',
    arch: 'amd64',
    now: () => 0,
    stdout: out,
    stderr: out,
    kill: () => {},
    stopped: new AbortController().signal,
    onStop: () => {},
    ...changes,
    printed: () => text,
  };
}
