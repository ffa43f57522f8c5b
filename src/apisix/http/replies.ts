import type { Offset } from 'flatbuffers';
import { Resp as ErrorReply } from '../protocol/a6/err/resp.ts';
import type { Code } from '../protocol/a6/err/code.ts';
import { Info } from '../protocol/a6/extra-info/info.ts';
import { Req as Ask } from '../protocol/a6/extra-info/req.ts';
import { ReqBody } from '../protocol/a6/extra-info/req-body.ts';
import { RespBody } from '../protocol/a6/extra-info/resp-body.ts';
import { Var } from '../protocol/a6/extra-info/var.ts';
import { Action } from '../protocol/a6/httpreq-call/action.ts';
import { Resp as RequestReply } from '../protocol/a6/httpreq-call/resp.ts';
import { Rewrite } from '../protocol/a6/httpreq-call/rewrite.ts';
import { Stop } from '../protocol/a6/httpreq-call/stop.ts';
import { Resp as ResponseReply } from '../protocol/a6/httpresp-call/resp.ts';
import { Resp as ConfReply } from '../protocol/a6/prepare-conf/resp.ts';
import { OF_CONNECTION, withNamed } from './connection-headers.ts';
import { FRAME } from '../protocol/frame.ts';
import { MessageWriter, type Entry } from '../protocol/message-writer.ts';
import type { Question } from './call.ts';
import type { HeaderList } from './header-list.ts';
import type { GatewayRequest } from './request.ts';
import type { StopWriter } from './response-writer.ts';
import type { GatewayResponse } from './response.ts';

/** The connection is APISIX's to manage; the rest tells of a body that is replaced. */
const OF_CONNECTION_AND_BODY: ReadonlySet<string> = new Set([
  ...OF_CONNECTION,
  'content-encoding',
  'content-md5',
  'etag',
  'last-modified',
]);

/** Tells of a failure. */
export function writeError(writer: MessageWriter, code: Code): Buffer {
  writer.begin();
  return writer.finish(FRAME.ERROR, ErrorReply.createResp(writer.builder, code));
}

/** Tells the token of a configuration. */
export function writeToken(writer: MessageWriter, token: number): Buffer {
  writer.begin();
  return writer.finish(FRAME.PREPARE_CONF, ConfReply.createResp(writer.builder, token));
}

/** Asks for something. */
export function writeQuestion(writer: MessageWriter, question: Question): Buffer {
  if (question.info === Info.ReqBody) return ASK_FOR_REQUEST_BODY;
  return question.info === Info.RespBody ? ASK_FOR_RESPONSE_BODY : makeQuestion(writer, question);
}

function makeQuestion(writer: MessageWriter, { info, name = '' }: Question): Buffer {
  writer.begin();
  const { builder } = writer;
  let asked: Offset;
  if (info === Info.Var) asked = Var.createVar(builder, writer.text(name));
  else asked = info === Info.ReqBody ? ReqBody.createReqBody(builder) : RespBody.createRespBody(builder);
  return writer.finish(FRAME.EXTRA_INFO, Ask.createReq(builder, info, asked));
}

/** These are the same for every call. */
const ASK_FOR_REQUEST_BODY = makeQuestion(new MessageWriter(), { info: Info.ReqBody });
const ASK_FOR_RESPONSE_BODY = makeQuestion(new MessageWriter(), { info: Info.RespBody });

/** Tells what becomes of a request: a response at once, changes of it, or neither. */
export function writeRequestReply(writer: MessageWriter, request: GatewayRequest, stop: StopWriter): Buffer {
  const [type, action] = stop.isWritten ? stopOf(writer, stop) : rewriteOf(writer, request);
  // Not before: a large message brings a builder of its own.
  const { builder } = writer;
  RequestReply.startResp(builder);
  RequestReply.addId(builder, request.id);
  if (type !== Action.NONE) {
    RequestReply.addActionType(builder, type);
    RequestReply.addAction(builder, action);
  }
  return writer.finish(FRAME.HTTP_REQUEST, RequestReply.endResp(builder));
}

type Told = readonly [Action, Offset];

function stopOf(writer: MessageWriter, { status = 200, body, givenHeaders }: StopWriter): Told {
  writer.begin(body?.length);
  const headers = listOf(writer, givenHeaders && keptOf(givenHeaders, OF_CONNECTION));
  const bytes = body === undefined ? 0 : writer.bytes(body);
  return [Action.Stop, Stop.createStop(writer.builder, status, headers, bytes)];
}

const NONE: ReadonlySet<string> = new Set();

function rewriteOf(writer: MessageWriter, request: GatewayRequest): Told {
  const { path, headers, args, responseHeaders, body } = request.changed;
  writer.begin(body?.length);
  const changedArgs = args?.changes();
  const toldArgs = path !== undefined && changedArgs?.length === 0 ? args?.anyOne() : changedArgs;
  const pathAt = path === undefined ? 0 : writer.text(path);
  const headersAt = listOf(writer, headers?.changes());
  const argsAt = listOf(writer, toldArgs);
  const responseHeadersAt = listOf(writer, responseHeaders?.toEntries(NONE));
  const bodyAt = body === undefined ? 0 : writer.bytes(body);
  if ((pathAt | headersAt | argsAt | responseHeadersAt | bodyAt) === 0) return [Action.NONE, 0];
  const { builder } = writer;
  return [Action.Rewrite, Rewrite.createRewrite(builder, pathAt, headersAt, argsAt, responseHeadersAt, bodyAt)];
}

/** Tells what becomes of a response. Headers that APISIX is not told get lost, so it is told all of them. */
export function writeResponseReply(writer: MessageWriter, { id, headers, written }: GatewayResponse): Buffer {
  const { body, status = 0 } = written;
  writer.begin(body?.length);
  const leftOut = body === undefined ? OF_CONNECTION : OF_CONNECTION_AND_BODY;
  const headersAt = listOf(writer, toldOf(headers, leftOut));
  const bodyAt = body === undefined ? 0 : writer.bytes(body);
  return writer.finish(FRAME.HTTP_RESPONSE, ResponseReply.createResp(writer.builder, id, status, headersAt, bodyAt));
}

/** What is kept of headers: none of the connection's, nor what those name. */
function keptOf(headers: HeaderList, leftOut: ReadonlySet<string>): Entry[] {
  return headers.toEntries(withNamed(leftOut, headers.values('connection')));
}

/** APISIX takes no header at all for no change; one that goes, which is not there, says that all have gone. */
function toldOf(headers: HeaderList, leftOut: ReadonlySet<string>): Entry[] {
  const kept = keptOf(headers, leftOut);
  return kept.length === 0 && headers.isChanged ? [GONE] : kept;
}

const GONE: Entry = ['x-gone', undefined];

function listOf(writer: MessageWriter, entries: readonly Entry[] | undefined): Offset {
  return entries === undefined || entries.length === 0 ? 0 : writer.entries(entries);
}
