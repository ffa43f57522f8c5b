import { FnError } from '../../base/error.ts';
import type { OpenFunctionComponent, OpenFunctionContext } from '../context/types.ts';
import { decodePercent } from '../percent.ts';
import type { Table } from '../../base/table.ts';

/** An input binding that a function listens to. */
export interface BindingTrigger {
  readonly kind: 'binding';
  /** The input's key in the function context. */
  readonly inputName: string;
  readonly component: string;
  /** Paths it is delivered to. */
  readonly paths: readonly string[];
}

/** A topic that a function listens to; the fields are those of https://docs.dapr.io/reference/api/pubsub_api/ */
export interface TopicTrigger {
  readonly kind: 'topic';
  readonly inputName: string;
  readonly pubsub: string;
  readonly topic: string;
  /** The path that the sidecar is asked to deliver to. */
  readonly route: string;
  /** That path, as it is and without its escapes, and those that OpenFunction's proxy and its Go framework use. */
  readonly paths: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly deadLetterTopic: string | undefined;
  readonly bulk: BulkSubscribe | undefined;
}

/** Several messages in one call: https://docs.dapr.io/developing-applications/building-blocks/pubsub/pubsub-bulk/ */
export interface BulkSubscribe {
  readonly enabled: true;
  readonly maxMessagesCount?: number;
  readonly maxAwaitDurationMs?: number;
}

export type Trigger = BindingTrigger | TopicTrigger;

/** Topics that share a path; there is at least one. */
export type TopicTriggers = readonly [TopicTrigger, ...TopicTrigger[]];

/** The one that an event names, or the bulk it stands in, else the first. */
export function triggerFor(triggers: TopicTriggers, event: Table, bulk: Table = {}): TopicTrigger {
  const [first, ...others] = triggers;
  if (others.length === 0) return first;
  const { pubsubname, topic } = { ...bulk, ...event };
  const ofComponent = triggers.filter(({ pubsub }) => pubsub === pubsubname);
  return ofComponent.find((trigger) => trigger.topic === topic) ?? ofComponent[0] ?? first;
}

/** What a function listens to; OFN-CONTEXT when that is nothing, or can't be told. */
export function triggersOf({ inputs }: Pick<OpenFunctionContext, 'inputs'>): Trigger[] {
  const triggers = Object.entries(inputs).map(([name, component]) => triggerOf(name, component));
  if (triggers.length > 0) return triggers;
  throw new FnError('no inputs defined for the function', {
    code: 'OFN-CONTEXT',
    hint: 'Give the function context inputs (FUNC_CONTEXT, or triggers.dapr of the Function), or the runtime Knative.',
  });
}

function triggerOf(inputName: string, component: OpenFunctionComponent): Trigger {
  const { componentName, componentType, uri = '', metadata = {} } = component;
  const [type = ''] = componentType.split('.');
  if (type === 'bindings') return bindingOf(inputName, componentName, uri, metadata);
  if (type === 'pubsub' && uri !== '') return topicOf(inputName, componentName, uri, metadata);
  const why = type === 'pubsub' ? 'names no topic' : `has the component type "${componentType}"`;
  throw new FnError(`Couldn't listen to the input "${inputName}": it ${why}.`, {
    code: 'OFN-CONTEXT',
    hint:
      type === 'pubsub'
        ? 'Set "uri" of the input (in a Function: "topic" of the trigger) to a topic.'
        : 'Set "componentType" of the input to that of its component, such as bindings.cron or pubsub.redis.',
  });
}

function bindingOf(
  inputName: string,
  component: string,
  uri: string,
  { route }: Readonly<Record<string, string>>,
): BindingTrigger {
  const named = [component, uri, route ?? ''].filter((path) => path !== '').map(pathOf);
  return { kind: 'binding', inputName, component, paths: unique(named) };
}

function topicOf(
  inputName: string,
  pubsub: string,
  topic: string,
  { deadLetterTopic, ...metadata }: Readonly<Record<string, string>>,
): TopicTrigger {
  const route = `/${`${pubsub}--${topic}--default`.toLowerCase().split('/').map(escapeSegment).join('/')}`;
  const ours = Object.entries(metadata).filter(([name]) => !name.startsWith('bulkSubscribe.'));
  return {
    kind: 'topic',
    inputName,
    pubsub,
    topic,
    route,
    paths: unique([route, decodePercent(route), pathOf(topic)]),
    metadata: Object.fromEntries(ours),
    deadLetterTopic,
    bulk: bulkOf(metadata),
  };
}

/** Only what would not arrive as it is: a query, a fragment, an escape or a space. */
function escapeSegment(segment: string): string {
  return segment.replaceAll(/[?#%\s]/g, encodeURIComponent);
}

function pathOf(name: string): string {
  return name.startsWith('/') ? name : `/${name}`;
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)];
}

function bulkOf(metadata: Readonly<Record<string, string>>): BulkSubscribe | undefined {
  if (metadata['bulkSubscribe.enabled'] !== 'true') return undefined;
  const count = wholeOf(metadata['bulkSubscribe.maxMessagesCount']);
  const wait = wholeOf(metadata['bulkSubscribe.maxAwaitDurationMs']);
  return {
    enabled: true,
    ...(count === undefined ? {} : { maxMessagesCount: count }),
    ...(wait === undefined ? {} : { maxAwaitDurationMs: wait }),
  };
}

/** The sidecar would read nothing of a document with another number in it. */
function wholeOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
