import { FnError } from '../../base/error.ts';
import { decodePercent } from '../percent.ts';

/** A name as a part of a path; OFN-DAPR-NAME for those by which a path leads elsewhere, escaped or not. */
export function segment(name: string): string {
  return encodeURIComponent(checked(name));
}

/** A path below another: only what a request can't carry is escaped, slashes, queries and escapes are the caller's. */
export function escapePath(path: string): string {
  const [way = ''] = path.split('?', 1);
  for (const part of decodePercent(way).split(/[/\\]/)) checked(part);
  return path.replaceAll(/#|[^!-~]+/g, encodeURIComponent);
}

/** The sidecar takes `..` for the folder above, and would call another of its APIs. */
function checked(name: string): string {
  if (name !== '.' && name !== '..') return name;
  throw new FnError(`Couldn't call the sidecar: "${name}" is no name that a path can have.`, {
    code: 'OFN-DAPR-NAME',
    hint: 'Use another name for the component, key, topic or method, and check names that come from outside.',
  });
}
