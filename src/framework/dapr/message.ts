import type { CloudEvent } from '../functions.ts';
import type { Carrier } from './carrier.ts';
import type { InnerEvent } from './inner-event.ts';

/** What an input binding read: https://docs.dapr.io/reference/api/bindings_api/ */
export interface BindingEvent {
  /** The component's name. */
  readonly name: string;
  readonly data: Buffer;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A message of a topic: https://docs.dapr.io/reference/api/pubsub_api/ */
export interface TopicEvent {
  readonly id: string;
  readonly specVersion: string;
  readonly type: string;
  readonly source: string;
  readonly dataContentType: string;
  /** Decoded by its content type. */
  readonly data: unknown;
  readonly rawData: Buffer;
  readonly subject: string;
  readonly topic: string;
  readonly pubsubName: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** One message for a function, by whichever protocol it came. Members beside `data` are made when they are asked for. */
export interface Message {
  /** The input's key in the function context. */
  readonly inputName: string;
  /** What the function gets. */
  readonly data: unknown;
  /** The bytes that the data was decoded of. */
  readonly rawData: Buffer;
  /** Tells retries of one message apart from others. */
  readonly id: string;
  /** Undefined for messages of topics. */
  readonly bindingEvent: BindingEvent | undefined;
  /** Undefined for those of bindings. */
  readonly topicEvent: TopicEvent | undefined;
  /** A topic's envelope; a binding has none, so one is made for it. */
  readonly cloudEvent: CloudEvent;
  readonly innerEvent: InnerEvent | undefined;
  /** What came along: in an inner event, as headers of the delivery, or as attributes of the event, in that order. */
  readonly carrier: Carrier;
}
