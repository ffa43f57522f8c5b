import { FnError } from '../../base/error.ts';

/** Of Knative, which makes names of hosts of them, and with room for what controllers add. */
const LIMIT = 50;

/** What other objects are called. */
const SUBDOMAIN = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const SUBDOMAIN_LIMIT = 253;

/** A name that Kubernetes allows, made of a function's: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
export function resourceName(name: string): string {
  const parts = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  return (
    parts
      .replace(/^[^a-z]+/, '')
      .slice(0, LIMIT)
      .replace(/-+$/, '') || 'function'
  );
}

/** A name that was given; OFN-CLI-ARGUMENT when Kubernetes would refuse it. */
export function checkName(name: string): string {
  if (/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= LIMIT) return name;
  throw new FnError(`Couldn't use the name "${name}": resources can't have it.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: `Give at most ${LIMIT} of a-z, 0-9 and "-", the first a letter, such as ${resourceName(name)}.`,
  });
}

/** The name of a secret or claim that `option` gave, if it did; OFN-CLI-ARGUMENT when Kubernetes has none of that name. */
export function checkObject(option: string, name: string | undefined): string | undefined {
  if (name === undefined || (SUBDOMAIN.test(name) && name.length <= SUBDOMAIN_LIMIT)) return name;
  throw new FnError(`Couldn't use ${option} "${name}": Kubernetes has nothing of that name.`, {
    code: 'OFN-CLI-ARGUMENT',
    hint: 'Names there have a-z, 0-9, "-" and ".", and begin and end with a letter or a number.',
  });
}
