import { Encoding } from 'flatbuffers';
import type { Log } from '../../base/log.ts';
import { receive } from '../http/entry-list.ts';
import { writeRequestReply, writeResponseReply, writeToken } from '../http/replies.ts';
import { GatewayRequest } from '../http/request.ts';
import { GatewayResponse } from '../http/response.ts';
import { StopWriter } from '../http/response-writer.ts';
import { Code } from '../protocol/a6/err/code.ts';
import { Req as RequestCall } from '../protocol/a6/httpreq-call/req.ts';
import { Req as ResponseCall } from '../protocol/a6/httpresp-call/req.ts';
import { Method } from '../protocol/a6/method.ts';
import { Req as PrepareConf } from '../protocol/a6/prepare-conf/req.ts';
import { FRAME } from '../protocol/frame.ts';
import { Message } from '../protocol/message.ts';
import type { MessageWriter } from '../protocol/message-writer.ts';
import { repairedTextOf, textOf } from '../protocol/text.ts';
import { isSound, SHAPES, type Shape } from '../protocol/verify.ts';
import { filterRequest, filterResponse } from './chain.ts';
import type { Chains, ConfCache } from './conf-cache.ts';
import { CallFailure, malformed } from './faults.ts';
import type { RunningCall } from './running-call.ts';

/** What calls need, for all connections alike. */
export interface CallServices {
  readonly confs: Pick<ConfCache, 'find' | 'prepare' | 'hold'>;
  readonly log: Log;
  readonly stopOnFirstChange: boolean;
}

/** Writes the answer of a call. */
export type Answer = (writer: MessageWriter) => Buffer;

const METHODS = Object.keys(Method);

/** What a frame has led to. */
export interface Outcome {
  /** Filters that take their time; the answer has to wait for them. */
  readonly waiting?: Waiting | undefined;
  readonly answer: Answer;
}

/** Filters that take their time. */
export interface Waiting {
  readonly filters: Promise<void>;
  /** Has to be called when they have ended, however they have. */
  readonly release: () => void;
}

/** Does what a frame asks for. Throws a `CallFailure` for what is no message or has no configuration, or what a filter threw. */
export function callOf(kind: number, payload: Buffer, call: RunningCall, services: CallServices): Outcome {
  switch (kind) {
    case FRAME.PREPARE_CONF:
      return prepareConf(payload, services);
    case FRAME.HTTP_REQUEST:
      return requestCall(payload, call, services);
    case FRAME.HTTP_RESPONSE:
      return responseCall(payload, call, services);
    default:
      throw malformed(`There is no call of the kind ${kind}.`);
  }
}

function prepareConf(payload: Buffer, { confs }: CallServices): Outcome {
  const message = PrepareConf.getRootAsReq(open(payload, SHAPES.prepareConf));
  const key = message.key(Encoding.UTF16_STRING) ?? '';
  const values = receive({ length: message.confLength(), at: (index, entry) => message.conf(index, entry) });
  const token = confs.prepare(
    textOf(key),
    values.map(({ name, value }) => [textOf(name), repairedTextOf(value ?? '')]),
  );
  return { answer: (writer) => writeToken(writer, token) };
}

function requestCall(payload: Buffer, call: RunningCall, services: CallServices): Outcome {
  const message = RequestCall.getRootAsReq(open(payload, SHAPES.httpRequest));
  call.id = message.id();
  const method = METHODS[message.method()];
  if (method === undefined) throw malformed(`There is no method of the number ${message.method()}.`);
  const { request: steps } = chainsOf(message.confToken(), services);
  const request = new GatewayRequest(message, method, call);
  const stop = new StopWriter();
  const filters = filterRequest(steps, request, stop, call);
  const waiting = filters && { filters, release: services.confs.hold(message.confToken()) };
  return { waiting, answer: (writer) => writeRequestReply(writer, request, stop) };
}

function responseCall(payload: Buffer, call: RunningCall, services: CallServices): Outcome {
  const message = ResponseCall.getRootAsReq(open(payload, SHAPES.httpResponse));
  call.id = message.id();
  const { response: steps } = chainsOf(message.confToken(), services);
  const response = new GatewayResponse(message, call);
  const filters = filterResponse(steps, response, services.stopOnFirstChange, call);
  const waiting = filters && { filters, release: services.confs.hold(message.confToken()) };
  return { waiting, answer: (writer) => writeResponseReply(writer, response) };
}

function open(payload: Buffer, shape: Shape): Message {
  if (!isSound(payload, shape)) throw malformed('A message points out of itself, or at more than it has.');
  return new Message(payload);
}

function chainsOf(token: number, { confs }: CallServices): Chains {
  const chains = confs.find(token);
  if (chains !== undefined) return chains;
  throw new CallFailure(
    Code.CONF_TOKEN_NOT_FOUND,
    `There is no configuration with the token ${token}; APISIX sends it anew.`,
  );
}
