/**
 * A Dapr component, as its resource has it: https://docs.dapr.io/reference/resource-specs/component-schema/. What is behind
 * it is faked: of the type, only what stands before the first dot counts.
 */
export interface FakeComponent {
  readonly name: string;
  /** Such as `bindings.cron`, `pubsub.redis` or `state.redis`. */
  readonly type: string;
  /** Of an input binding, `route` and `direction` count. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The first parts of types that are faked. */
export type ComponentKind = 'bindings' | 'pubsub' | 'state' | 'secretstores';

/** The components of one kind. */
export function componentsOfKind(components: readonly FakeComponent[], kind: ComponentKind): FakeComponent[] {
  return components.filter(({ type }) => type.split('.')[0] === kind);
}

/** The names of the same. */
export function namesOfKind(components: readonly FakeComponent[], kind: ComponentKind): Set<string> {
  return new Set(componentsOfKind(components, kind).map(({ name }) => name));
}
