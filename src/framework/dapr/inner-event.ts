import type { CloudEvent } from '../functions.ts';
import { isTable } from '../../base/table.ts';
import { textOf } from '../table.ts';
import { decodeBytes, parseJson } from './answer.ts';
import { jsonOf } from './payload.ts';

/**
 * The envelope in which functions of OpenFunction's Go framework send to each other when tracing is on: a CloudEvent whose
 * data has metadata beside the user's bytes. https://github.com/OpenFunction/functions-framework-go/blob/main/context/innerevent.go
 */
export interface InnerEvent {
  readonly cloudEvent: CloudEvent;
  /** Carriers of traces, such as `sw8`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly userData: Buffer;
}

const TYPE_PREFIX = 'io.openfunction.function';
/** Bindings that are queues, whose readers unwrap; other bindings get payloads as they are. */
const QUEUES = new Set([
  'bindings.kafka',
  'bindings.rabbitmq',
  'bindings.aws.sqs',
  'bindings.aws.kinesis',
  'bindings.gcp.pubsub',
  'bindings.azure.eventgrid',
  'bindings.azure.eventhubs',
  'bindings.azure.servicebusqueues',
  'bindings.azure.storagequeues',
]);

/** The inner event that a value is, or that it is the JSON text of, as Go publishes it; undefined when it is none. */
export function innerEventOf(given: unknown): InnerEvent | undefined {
  const value = typeof given === 'string' && given.includes(TYPE_PREFIX) ? parseJson(Buffer.from(given)) : given;
  if (!isTable(value) || !mayBeInner(value['type'])) return undefined;
  const { data } = value;
  if (!isTable(data) || typeof data['userData'] !== 'string') return undefined;
  const metadata = isTable(data['metadata']) ? data['metadata'] : {};
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its type says that Go made it
    cloudEvent: value as CloudEvent,
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, text]) => [key, textOf(text)])),
    userData: Buffer.from(data['userData'], 'base64'),
  };
}

/** Whether a CloudEvent's type is that of inner events. */
export function mayBeInner(type: unknown): boolean {
  return textOf(type).startsWith(TYPE_PREFIX);
}

/** What its sender sent: JSON, text or bytes. */
export function userDataOf({ userData }: InnerEvent): unknown {
  return decodeBytes(userData);
}

/** Whether senders of an output of this type wrap. */
export function isWrapped(componentType: string): boolean {
  return componentType.startsWith('pubsub') || QUEUES.has(componentType);
}

/** Who sends, for the envelope. */
export interface Sender {
  readonly name: string;
  readonly namespace: string | undefined;
}

/** Puts a payload into an inner event. */
export function wrapInner(
  payload: unknown,
  { name, namespace }: Sender,
  metadata: Readonly<Record<string, string>>,
): CloudEvent {
  const bytes = payload instanceof Uint8Array ? Buffer.from(payload) : Buffer.from(textPayload(payload));
  return {
    specversion: '1.0',
    id: globalThis.crypto.randomUUID(),
    time: new Date().toISOString(),
    source: namespace === undefined ? name : `${namespace}/${name}`,
    type: [TYPE_PREFIX, ...(namespace === undefined ? [] : [namespace]), name].join('.'),
    datacontenttype: 'application/json',
    data: { metadata, userData: bytes.toString('base64') },
  };
}

function textPayload(payload: unknown): string {
  return typeof payload === 'string' ? payload : jsonOf(payload);
}
