import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ByteBuffer } from 'flatbuffers';
import { Resp as Told } from '../src/apisix/protocol/a6/extra-info/resp.ts';
import { Req as RequestCall } from '../src/apisix/protocol/a6/httpreq-call/req.ts';
import { Req as ResponseCall } from '../src/apisix/protocol/a6/httpresp-call/req.ts';
import { Req as PrepareConf } from '../src/apisix/protocol/a6/prepare-conf/req.ts';
import { Resp as Token } from '../src/apisix/protocol/a6/prepare-conf/resp.ts';
import { FRAME, FrameReader, HEADER_LENGTH } from '../src/apisix/protocol/frame.ts';
import { MessageWriter, type Entry } from '../src/apisix/protocol/message-writer.ts';

/** What a call of the bench asks a runner for. */
export interface Route {
  readonly plugin: string;
  readonly value: object;
  readonly kind: 'request' | 'response';
}

/** The frames of a call. */
export interface CallFrames {
  readonly call: Buffer;
  /** The answer to every question. */
  readonly told: Buffer;
  /** What the runner sent, by the kind of the frame that it replied to. */
  readonly replies: ReadonlyMap<number, Buffer>;
}

const BODY = `{"greeting":"hello world","text":"${'x'.repeat(2000)}"}`;
const HEADERS: readonly Entry[] = [
  ['host', 'example.com'],
  ['user-agent', 'curl/8.5.0'],
  ['accept', '*/*'],
  ['accept-encoding', 'gzip, deflate, br'],
  ['cookie', 'session=0123456789abcdef'],
  ['x-request-id', '7f0e5b1c-5d8a-4f5e-9a57-0d0c7f3b2a11'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-host', 'example.com'],
  ['x-forwarded-port', '443'],
];

/** Has a route kept by the runner at a socket, and calls it once; `isRunning` ends the wait for one that doesn't listen. */
export async function callOnce(path: string, route: Route, isRunning: () => boolean): Promise<CallFrames> {
  const socket = await connected(path, isRunning);
  const exchange = exchangeOver(socket);
  const conf = make(FRAME.PREPARE_CONF, (writer) =>
    PrepareConf.createReq(writer.builder, writer.entries([[route.plugin, JSON.stringify(route.value)]]), 0),
  );
  const prepared = await exchange(conf);
  const token = Token.getRootAsResp(new ByteBuffer(prepared.subarray(HEADER_LENGTH))).confToken();
  const call = route.kind === 'request' ? requestFrame(token) : responseFrame(token);
  const told = make(FRAME.EXTRA_INFO, (writer) => Told.createResp(writer.builder, writer.bytes(BODY)));
  const replies = new Map<number, Buffer>();
  for (let frame = call; ; frame = told) {
    const reply = await exchange(frame);
    replies.set(frame.readUInt8(0), reply);
    if (reply[0] !== FRAME.EXTRA_INFO) break;
  }
  socket.destroy();
  return { call, told, replies };
}

/** Sends a frame and waits for the next one. */
function exchangeOver(socket: Socket): (frame: Buffer) => Promise<Buffer> {
  let next = Promise.withResolvers<Buffer>();
  const reader = new FrameReader((kind, payload) => {
    const header = Buffer.alloc(HEADER_LENGTH);
    header.writeUInt32BE(payload.length);
    header[0] = kind;
    next.resolve(Buffer.concat([header, payload]));
    return true;
  });
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
  return (frame) => {
    next = Promise.withResolvers();
    socket.write(frame);
    return next.promise;
  };
}

/** Connects as soon as somebody listens. */
export async function connected(path: string, isRunning: () => boolean): Promise<Socket> {
  while (isRunning()) {
    const socket = connect(path);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    if (await promise) return socket;
    await pause(20);
  }
  throw new Error(`Nobody listens at ${path}.`);
}

function make(kind: number, write: (writer: MessageWriter) => number): Buffer {
  const writer = new MessageWriter();
  return writer.finish(kind, write(writer));
}

function requestFrame(token: number): Buffer {
  return make(FRAME.HTTP_REQUEST, (writer) => {
    const address = writer.bytes(Buffer.from([127, 0, 0, 1]));
    const path = writer.text('/some/path');
    const args = writer.entries([
      ['q', 'one'],
      ['page', '2'],
    ]);
    const headers = writer.entries(HEADERS);
    return RequestCall.createReq(writer.builder, 7, address, 0, path, args, headers, token);
  });
}

function responseFrame(token: number): Buffer {
  return make(FRAME.HTTP_RESPONSE, (writer) => {
    const headers = writer.entries([
      ['Content-Type', 'application/json'],
      ['Content-Length', String(BODY.length)],
      ['Server', 'node'],
    ]);
    return ResponseCall.createReq(writer.builder, 7, 200, headers, token);
  });
}
