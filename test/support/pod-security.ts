import { isTable, type Table } from '../../src/base/table.ts';

/** A rule of the Pod Security Standards: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
interface Rule {
  readonly name: string;
  /** Whether a container keeps it, by what its pod says and what it says itself. */
  readonly holds: (pod: Table, container: Table) => boolean;
}

const NAMES_OF_VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const OF_VOLUMES = new Set(['name', 'overridable', 'description']);

const context = (owner: Table): Table => (isTable(owner['securityContext']) ? owner['securityContext'] : {});
const either = (pod: Table, container: Table, key: string): unknown => context(container)[key] ?? context(pod)[key];

const RULES: readonly Rule[] = [
  { name: 'no privileged container', holds: (_, container) => context(container)['privileged'] !== true },
  { name: 'no escalation', holds: (_, container) => context(container)['allowPrivilegeEscalation'] === false },
  { name: 'not as root', holds: (pod, container) => either(pod, container, 'runAsNonRoot') === true },
  { name: 'no user 0', holds: (pod, container) => either(pod, container, 'runAsUser') !== 0 },
  {
    name: 'a seccomp profile',
    holds: (pod, container) => {
      const profile = either(pod, container, 'seccompProfile');
      return isTable(profile) && ['RuntimeDefault', 'Localhost'].includes(String(profile['type']));
    },
  },
  {
    name: 'no capabilities',
    holds: (_, container) => {
      const { drop, add = [] } = (context(container)['capabilities'] ?? {}) as { drop?: string[]; add?: string[] };
      return drop?.includes('ALL') === true && add.every((one) => one === 'NET_BIND_SERVICE');
    },
  },
  {
    name: 'no host namespaces',
    holds: (pod) => ['hostNetwork', 'hostPID', 'hostIPC'].every((key) => pod[key] !== true),
  },
  {
    name: 'no host ports',
    holds: (_, { ports = [] }) => (ports as readonly Table[]).every((port) => port['hostPort'] === undefined),
  },
  {
    name: 'volumes of harmless types',
    holds: ({ volumes = [] }) =>
      (volumes as readonly Table[])
        .flatMap((volume) => Object.keys(volume))
        .every((key) => NAMES_OF_VOLUMES.has(key) || OF_VOLUMES.has(key)),
  },
];

/** The rules of the standard "restricted" that a pod with these containers breaks, each with the container's name. */
export function brokenRules(pod: Table, containers: readonly Table[]): string[] {
  return containers.flatMap((container) =>
    RULES.filter(({ holds }) => !holds(pod, container)).map(({ name }) => `${String(container['name'])}: ${name}`),
  );
}
