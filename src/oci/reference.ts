import { FnError } from '../base/error.ts';

/** An image's name, taken apart: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
export interface Reference {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** `sha256:...`, which says more than the tag, in names that pin one image. */
  readonly digest?: string;
}

const DEFAULT_REGISTRY = 'index.docker.io';
const REGISTRY = /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
/** What pack and the lifecycle ask of a name, the registry not counted. */
const SHORTEST = 2;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
/** What stands behind the rest of a name that pins an image. */
const DIGEST = /@(sha256:[a-f0-9]{64})$/;

/**
 * Reads a name such as `hello`, `openfunction/builder-node:24`, `localhost:5000/a/b:c` or `me/hello@sha256:...`;
 * OFN-IMAGE-NAME when it is none.
 */
export function parseReference(whole: string): Reference {
  const digest = DIGEST.exec(whole)?.[1];
  const name = whole.replace(DIGEST, '');
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
  if (!fits || name.length > 512) throw invalid(whole);
  const reference = { registry: registry === 'docker.io' ? DEFAULT_REGISTRY : registry, repository, tag };
  return digest === undefined ? reference : { ...reference, digest };
}

/** The same for an image that is to be made, whose digest nobody can know yet. */
export function parseTarget(name: string): Reference {
  const reference = parseReference(name);
  if (reference.digest === undefined) return reference;
  throw new FnError(`Couldn't use the image name "${name}" for a build: only the build says what its digest is.`, {
    code: 'OFN-IMAGE-NAME',
    hint: `Leave it out: ${name.replace(DIGEST, '')}.`,
  });
}

/** A name as programs for registries take it: of a tag and a digest the digest, which says more. */
export function pullName(name: string): string {
  return parseReference(name).digest === undefined ? name : name.replace(/:[^:/@]+@/, '@');
}

/** Where the lifecycle's `-layout-dir` keeps an image, relative to that folder. */
export function layoutPath({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}/${digest?.replace(':', '/') ?? tag}`;
}

/**
 * Where an image is kept in a store of layouts, relative to that store: no layout lies in another one, and no path has a
 * colon, which skopeo would take for the start of a tag. `arch` is one that is not this machine's.
 */
export function storePath({ registry, repository, tag, digest }: Reference, arch?: string): string {
  return `${registry.replace(':', '+')}/${repository}+${digest?.replace(':', '+') ?? tag}${arch === undefined ? '' : `+${arch}`}`;
}

function invalid(name: string): FnError {
  return new FnError(`Couldn't use the image name "${name}": it is not a name an image can have.`, {
    code: 'OFN-IMAGE-NAME',
    hint: 'Names are lower case and of two characters at least, such as hello, me/hello:1.0 or registry.example.com/me/hello:1.0.',
  });
}
