import type { Table } from '../../../base/table.ts';
import type { Lock } from './locked.ts';

/** What a package is made for, in Node.js's terms: `linux`, `!win32`. An empty list is anything. */
export interface Platforms {
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc: readonly string[];
}

/** Images are Debian. */
const IMAGE = { os: 'linux', libc: 'glibc' } as const;
const KINDS = ['os', 'cpu', 'libc'] as const;

/** What a lock file's entry says in the words of package.json, each a text or a list of them. */
export function platformsIn(entry: Table): Platforms {
  const [os = [], cpu = [], libc = []] = KINDS.map((kind) => [entry[kind] ?? []].flat().map(String));
  return { os, cpu, libc };
}

/** What a condition of Yarn's says, such as `os=linux & (cpu=x64 | cpu=arm64)`. */
export function platformsOf(condition: string): Platforms {
  const terms = [...condition.matchAll(/(!?)(os|cpu|libc)=([\w-]+)/g)];
  const [os = [], cpu = [], libc = []] = KINDS.map((wanted) =>
    terms.flatMap(([, not = '', kind, name = '']) => (kind === wanted ? [not + name] : [])),
  );
  return { os, cpu, libc };
}

/** A lock file without the packages that are for no image of these processors: no install takes them. */
export function lockFor(lock: Lock, cpus: readonly string[]): Lock {
  const fits = ({ os, cpu, libc }: Platforms): boolean =>
    allows(os, IMAGE.os) && allows(libc, IMAGE.libc) && cpus.some((one) => allows(cpu, one));
  return {
    ...lock,
    packages: new Map([...lock.packages].filter(([, { platforms }]) => !platforms || fits(platforms))),
  };
}

/** As npm reads such lists: https://github.com/npm/npm-install-checks */
function allows(list: readonly string[], own: string): boolean {
  if (list.includes(`!${own}`)) return false;
  return list.includes(own) || list.includes('any') || list.every((one) => one.startsWith('!'));
}
