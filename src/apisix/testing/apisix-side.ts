import { Encoding, type ByteBuffer } from 'flatbuffers';
import type { Log } from '../../base/log.ts';
import type { Question } from '../http/call.ts';
import { receive } from '../http/entry-list.ts';
import { Info } from '../protocol/a6/extra-info/info.ts';
import { Action } from '../protocol/a6/httpreq-call/action.ts';
import { Req as RequestCall } from '../protocol/a6/httpreq-call/req.ts';
import { Resp as RequestReply } from '../protocol/a6/httpreq-call/resp.ts';
import { Rewrite } from '../protocol/a6/httpreq-call/rewrite.ts';
import { Stop } from '../protocol/a6/httpreq-call/stop.ts';
import { Req as ResponseCall } from '../protocol/a6/httpresp-call/req.ts';
import { Resp as ResponseReply } from '../protocol/a6/httpresp-call/resp.ts';
import { Method } from '../protocol/a6/method.ts';
import { FRAME, HEADER_LENGTH } from '../protocol/frame.ts';
import { Message } from '../protocol/message.ts';
import { MessageWriter, type Entry } from '../protocol/message-writer.ts';
import { bytesOf, textOf, type Text } from '../protocol/text.ts';
import { callOf } from '../server/calls.ts';
import { chainsOf, type Step } from '../server/conf-cache.ts';
import { PluginFailure } from '../server/faults.ts';
import { RunningCall, type Asker } from '../server/running-call.ts';

/** What APISIX knows of a call. */
export interface Known {
  readonly vars?: Readonly<Record<string, Text>> | undefined;
  readonly requestBody?: Text | undefined;
  readonly responseBody?: Text | undefined;
}

/** A reply as a message, with what was asked for and logged on the way. */
export interface Exchanged {
  readonly reply: ByteBuffer;
  readonly asked: readonly string[];
  readonly logged: readonly string[];
}

/** The number that all calls of tests have. */
const ID = 1;
const TOKEN = 1;

/** The message of a request. */
export function requestMessage(request: {
  readonly method: keyof typeof Method;
  readonly path: Text;
  readonly srcIp: readonly number[];
  readonly args: readonly Entry[];
  readonly headers: readonly Entry[];
}): Buffer {
  const writer = new MessageWriter();
  const { builder } = writer;
  const address = writer.bytes(Uint8Array.from(request.srcIp));
  const path = writer.text(request.path);
  const args = writer.entries(request.args);
  const headers = writer.entries(request.headers);
  const root = RequestCall.createReq(builder, ID, address, Method[request.method], path, args, headers, TOKEN);
  return payloadOf(writer.finish(FRAME.HTTP_REQUEST, root));
}

/** The message of a response. */
export function responseMessage(status: number, headers: readonly Entry[]): Buffer {
  const writer = new MessageWriter();
  const root = ResponseCall.createReq(writer.builder, ID, status, writer.entries(headers), TOKEN);
  return payloadOf(writer.finish(FRAME.HTTP_RESPONSE, root));
}

/** Hands a message to plugins as the runner does, and waits for the reply; what a plugin throws is thrown. */
export async function exchange(
  kind: number,
  message: Buffer,
  steps: readonly Step[],
  known: Known,
): Promise<Exchanged> {
  const logged: string[] = [];
  const log = logTo(logged);
  const asked: string[] = [];
  const confs = { find: () => chainsOf(steps), prepare: () => TOKEN, hold: () => () => {} };
  const call = new RunningCall(askerOf(known, asked), log);
  try {
    const { waiting, answer } = callOf(kind, message, call, { confs, log, stopOnFirstChange: false });
    await waiting?.filters;
    call.finish();
    return { reply: new Message(payloadOf(answer(new MessageWriter()))), asked, logged };
  } catch (error) {
    throw error instanceof PluginFailure ? error.cause : error;
  }
}

function askerOf({ vars = {}, requestBody, responseBody }: Known, asked: string[]): Asker {
  const answerOf = ({ info, name = '' }: Question): Text | undefined => {
    if (info === Info.Var) return Object.hasOwn(vars, name) ? vars[name] : undefined;
    const body = info === Info.ReqBody ? requestBody : responseBody;
    // Of an empty body APISIX says that there is none.
    return body?.length === 0 ? undefined : body;
  };
  return {
    async ask(question) {
      asked.push(question.name ?? (question.info === Info.ReqBody ? 'request body' : 'response body'));
      const answer = answerOf(question);
      return answer === undefined ? undefined : Buffer.from(bytesOf(answer));
    },
  };
}

/** What APISIX reads of the reply to a request. */
export function readRequestReply(reply: ByteBuffer): { readonly stop?: Stop; readonly rewrite?: Rewrite } {
  const message = RequestReply.getRootAsResp(reply);
  const [stop, rewrite] = [new Stop(), new Rewrite()];
  switch (message.actionType()) {
    case Action.Stop:
      message.action(stop);
      return { stop };
    case Action.Rewrite:
      message.action(rewrite);
      return { rewrite };
    default:
      return {};
  }
}

/** What APISIX reads of the reply to a response. */
export function readResponseReply(reply: ByteBuffer): ResponseReply {
  return ResponseReply.getRootAsResp(reply);
}

/** A list of texts with names; null for a value that is absent. */
export function textsOf(list: Parameters<typeof receive>[0]): [name: string, value: string | null][] {
  return receive(list).map(({ name, value }) => [textOf(name), value === undefined ? null : textOf(value)]);
}

/** A text of a message. */
export function pathOf(message: Rewrite): string | undefined {
  const path = message.path(Encoding.UTF8_BYTES);
  return path instanceof Uint8Array ? textOf(path) : undefined;
}

function payloadOf(frame: Uint8Array): Buffer {
  return Buffer.from(frame.subarray(HEADER_LENGTH));
}

function logTo(lines: string[]): Log {
  const write = (line: string): void => void lines.push(line);
  return { debug() {}, info: write, warn: write, error: write };
}
