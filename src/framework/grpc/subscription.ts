import { readEntry, writeMap } from './map.ts';
import { Reader } from './reader.ts';
import { type Init, Writer } from './writer.ts';

/** Which topics the app subscribes to. */
export interface ListTopicSubscriptionsResponse {
  readonly subscriptions: readonly TopicSubscription[];
}

/** One topic: https://github.com/dapr/dapr/blob/v1.16.5/dapr/proto/runtime/v1/appcallback.proto */
export interface TopicSubscription {
  readonly pubsubName: string;
  readonly topic: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly routes: TopicRoutes | undefined;
  readonly deadLetterTopic: string;
  readonly bulkSubscribe: BulkSubscribeConfig | undefined;
}

/** The paths that events of a topic come with. */
export interface TopicRoutes {
  readonly rules: readonly TopicRule[];
  /** The path where no rule matches. */
  readonly default: string;
}

/** A path for the events that a CEL expression matches. */
export interface TopicRule {
  readonly match: string;
  readonly path: string;
}

/** Whether and how events come in bulk. */
export interface BulkSubscribeConfig {
  readonly enabled: boolean;
  readonly maxMessagesCount: number;
  readonly maxAwaitDurationMs: number;
}

/** Throws a `GrpcError` where the bytes are no such message; all bytes in it are views of `message`. */
export function decodeListTopicSubscriptionsResponse(message: Buffer): ListTopicSubscriptionsResponse {
  const reader = new Reader(message);
  const subscriptions: TopicSubscription[] = [];
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) subscriptions.push(reader.message(readSubscription));
    else reader.skip(tag);
  }
  return { subscriptions };
}

/** What is left out has its default. */
export function encodeListTopicSubscriptionsResponse(message: Init<ListTopicSubscriptionsResponse>): Buffer {
  const writer = new Writer();
  for (const one of message.subscriptions ?? []) writer.message(0o12, writeSubscription, one);
  return writer.finish();
}

function readSubscription(reader: Reader): TopicSubscription {
  let pubsubName = '';
  let topic = '';
  const metadata: Record<string, string> = {};
  let routes: TopicRoutes | undefined;
  let deadLetterTopic = '';
  let bulkSubscribe: BulkSubscribeConfig | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) pubsubName = reader.string();
    else if (tag === 0o22) topic = reader.string();
    else if (tag === 0o32) reader.entry(metadata, readEntry);
    else if (tag === 0o52) routes = reader.message(readRoutes);
    else if (tag === 0o62) deadLetterTopic = reader.string();
    else if (tag === 0o72) bulkSubscribe = reader.message(readBulkSubscribe);
    else reader.skip(tag);
  }
  return { pubsubName, topic, metadata, routes, deadLetterTopic, bulkSubscribe };
}

function writeSubscription(writer: Writer, subscription: Init<TopicSubscription>): void {
  const { pubsubName, topic, metadata, routes, deadLetterTopic, bulkSubscribe } = subscription;
  if (pubsubName) writer.string(0o12, pubsubName);
  if (topic) writer.string(0o22, topic);
  if (metadata) writeMap(writer, 0o32, metadata);
  if (routes) writer.message(0o52, writeRoutes, routes);
  if (deadLetterTopic) writer.string(0o62, deadLetterTopic);
  if (bulkSubscribe) writer.message(0o72, writeBulkSubscribe, bulkSubscribe);
}

function readRoutes(reader: Reader): TopicRoutes {
  const rules: TopicRule[] = [];
  let fallback = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) rules.push(reader.message(readRule));
    else if (tag === 0o22) fallback = reader.string();
    else reader.skip(tag);
  }
  return { rules, default: fallback };
}

function writeRoutes(writer: Writer, { rules = [], default: fallback }: Init<TopicRoutes>): void {
  for (const rule of rules) writer.message(0o12, writeRule, rule);
  if (fallback) writer.string(0o22, fallback);
}

function readRule(reader: Reader): TopicRule {
  let match = '';
  let path = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o12) match = reader.string();
    else if (tag === 0o22) path = reader.string();
    else reader.skip(tag);
  }
  return { match, path };
}

function writeRule(writer: Writer, { match, path }: Init<TopicRule>): void {
  if (match) writer.string(0o12, match);
  if (path) writer.string(0o22, path);
}

function readBulkSubscribe(reader: Reader): BulkSubscribeConfig {
  let enabled = false;
  let maxMessagesCount = 0;
  let maxAwaitDurationMs = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0o10) enabled = reader.bool();
    else if (tag === 0o20) maxMessagesCount = reader.int32();
    else if (tag === 0o30) maxAwaitDurationMs = reader.int32();
    else reader.skip(tag);
  }
  return { enabled, maxMessagesCount, maxAwaitDurationMs };
}

function writeBulkSubscribe(writer: Writer, config: Init<BulkSubscribeConfig>): void {
  const { enabled, maxMessagesCount, maxAwaitDurationMs } = config;
  if (enabled) writer.bool(0o10, enabled);
  if (maxMessagesCount) writer.int32(0o20, maxMessagesCount);
  if (maxAwaitDurationMs) writer.int32(0o30, maxAwaitDurationMs);
}
