/** A component as its users write it, `version` v1 unless it says otherwise. */
export interface Component {
  readonly name: string;
  /** Such as `pubsub.redis`. */
  readonly type: string;
  readonly version?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The ids of the apps that see it; all do without. */
  readonly scopes?: readonly string[];
}

/** A subscription that the app is not asked for. */
export interface Subscription {
  readonly pubsub: string;
  readonly topic: string;
  /** The path of the app that events are posted to. */
  readonly route: string;
  readonly deadLetterTopic?: string;
}

/** The spec of a resource, as Dapr's reference has it. */
export type Spec = Readonly<Record<string, unknown>>;

/** What a sidecar's resources folder holds: file names to texts. */
export function filesOfResources(
  components: readonly Component[],
  subscriptions: readonly Subscription[],
  resiliency: Spec | undefined,
): Record<string, string> {
  const files: Record<string, string> = {};
  const add = (kind: string, version: string, name: string, rest: object): void => {
    files[`${kind}-${name}.yaml`] = resource(kind, version, name, rest);
  };
  for (const { name, type, version = 'v1', metadata = {}, scopes } of components) {
    const values = Object.entries(metadata).map(([key, value]) => ({ name: key, value }));
    add('Component', 'v1alpha1', name, { spec: { type, version, metadata: values }, scopes });
  }
  for (const [index, { pubsub, topic, route, ...rest }] of subscriptions.entries()) {
    const spec = { pubsubname: pubsub, topic, routes: { default: route }, ...rest };
    add('Subscription', 'v2alpha1', `subscription-${index}`, { spec });
  }
  if (resiliency !== undefined) add('Resiliency', 'v1alpha1', 'resiliency', { spec: resiliency });
  return files;
}

/** The configuration of a sidecar that finds others through an SQLite file, and multicasts nothing. */
export function textOfConfiguration(names: string, spec: Spec): string {
  const nameResolution = { component: 'sqlite', version: 'v1', configuration: { connectionString: names } };
  return resource('Configuration', 'v1alpha1', 'configuration', { spec: { nameResolution, ...spec } });
}

/** JSON, which YAML has in it. */
function resource(kind: string, version: string, name: string, rest: object): string {
  return JSON.stringify({ apiVersion: `dapr.io/${version}`, kind, metadata: { name }, ...rest });
}
