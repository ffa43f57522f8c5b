/* oxlint-disable typescript/no-explicit-any -- users return whatever they like, and events carry whatever they carry */
import type { Request, Response } from './http/types.ts';

/** A function that answers HTTP requests; a web `Response` it returns is sent, anything else is not looked at. */
export type HttpFunction = (req: Request, res: Response) => any;

/** A function of the web standard, as `{ fetch }` objects such as Hono applications have it. */
export type FetchFunction = (request: globalThis.Request) => globalThis.Response | Promise<globalThis.Response>;

/**
 * A CloudEvent: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md.
 * A plain object that functions may change.
 */
export interface CloudEvent<T = unknown> {
  id: string;
  source: string;
  type: string;
  specversion: string;
  subject?: string;
  /** RFC 3339. */
  time?: string;
  datacontenttype?: string;
  dataschema?: string;
  data?: T;
  /** The data in base64 when it came so; `data` then has the bytes. */
  data_base64?: string;
  /** The W3C trace context of the request, when it has one. */
  traceparent?: string;
  [extension: string]: unknown;
}

/** What a callback-style function calls at its end. */
export type Callback = (error?: unknown, result?: unknown) => void;

/** A function that handles CloudEvents; what it returns is the answer. */
export type CloudEventFunction<T = unknown> = (event: CloudEvent<T>) => any;

/** A CloudEvent function that calls back at its end. */
export type CloudEventFunctionWithCallback<T = unknown> = (event: CloudEvent<T>, callback: Callback) => any;

/** Where and when a legacy event happened: https://cloud.google.com/functions/docs/writing/background */
export interface CloudFunctionsContext {
  eventId?: string;
  /** ISO 8601. */
  timestamp?: string;
  eventType?: string;
  resource?: string | Record<string, string>;
}

/** The context of a legacy event function: that of a legacy event, or the attributes of a CloudEvent. */
export type Context = CloudFunctionsContext | CloudEvent;

/** The data of a legacy event. */
export interface Data {
  data: object;
}

/** The context of old legacy events. */
export type LegacyCloudFunctionsContext = CloudFunctionsContext | Data;

/** A legacy event. */
export interface LegacyEvent {
  data: Record<string, any>;
  context: CloudFunctionsContext;
}

/** A function that handles legacy events. */
export type EventFunction = (data: any, context: any) => any;

/** A legacy event function that calls back at its end. */
export type EventFunctionWithCallback = (data: any, context: any, callback: Callback) => any;

/** The request of a typed function. */
export interface InvocationRequest {
  /** The body: text, or a Buffer when it is none. */
  body(): string | Buffer;
  header(name: string): string | undefined;
}

/** The response of a typed function. */
export interface InvocationResponse {
  setHeader(name: string, value: string): void;
  write(data: string | Buffer): void;
  /** Ends the response; to be called once. */
  end(data?: string | Buffer): void;
}

/** How the values of a typed function are read and written. */
export interface InvocationFormat<T, U> {
  /** Reads the request; what it throws is answered with 400. */
  deserializeRequest(request: InvocationRequest): T | Promise<T>;
  serializeResponse(response: InvocationResponse, value: U): void | Promise<void>;
}

/** A function from a value to a value, with its format; JSON when it names none. */
export interface TypedFunction<T = unknown, U = unknown> {
  readonly handler: (request: T) => U | Promise<U>;
  readonly format?: InvocationFormat<T, U>;
}

/** An answer given as a value; without code it is 200. */
export interface HttpFunctionResponse {
  code?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** Any function that can be declared. */
export type HandlerFunction<T = unknown, U = unknown> =
  | HttpFunction
  | EventFunction
  | EventFunctionWithCallback
  | CloudEventFunction<T>
  | CloudEventFunctionWithCallback<T>
  | TypedFunction<T, U>;
