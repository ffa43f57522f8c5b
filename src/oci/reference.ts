import { FnError } from '../base/error.ts';

/** An image's name, taken apart: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export interface Reference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

const DEFAULT_REGISTRY = 'index.docker.io';
const REGISTRY = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
/** What pack and the lifecycle ask of a name, the registry not counted. */
const SHORTEST = 2;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Reads a name such as `hello`, `openfunction/builder-node:24` or `localhost:5000/a/b:c`; OFN-IMAGE-NAME when it is none. */
export function parseReference(name: string): Reference {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const hasRegistry = first === 'localhost' || /[.:]/.test(first);
  const registry = hasRegistry ? first : DEFAULT_REGISTRY;
  const rest = hasRegistry ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(':');
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? 'latest' : rest.slice(colon + 1);
  const repository = registry === DEFAULT_REGISTRY && !path.includes('/') ? `library/${path}` : path;
  const fits = REGISTRY.test(registry) && REPOSITORY.test(repository) && SHORTEST <= path.length && TAG.test(tag);
  if (!fits || name.length > 512) throw invalid(name);
  return { registry: registry === 'docker.io' ? DEFAULT_REGISTRY : registry, repository, tag };
}

/** Where the lifecycle's `-layout-dir` keeps an image, relative to that folder. */
export function layoutPath({ registry, repository, tag }: Reference): string {
  return `${registry}/${repository}/${tag}`;
}

/**
 * Where an image is kept in a store of layouts, relative to that store: no layout lies in another one, and no path has a
 * colon, which skopeo would take for the start of a tag. `arch` is one that is not this machine's.
 */
export function storePath({ registry, repository, tag }: Reference, arch?: string): string {
  return `${registry.replace(':', '+')}/${repository}+${tag}${arch === undefined ? '' : `+${arch}`}`;
}

function invalid(name: string): FnError {
  return new FnError(`Couldn't use the image name "${name}": it is not a name an image can have.`, {
    code: 'OFN-IMAGE-NAME',
    hint: 'Names are lower case and of two characters at least, such as hello, me/hello:1.0 or registry.example.com/me/hello:1.0.',
  });
}
