import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { decode, encode, type Fields, type Read, type TestEntry, type Told } from './messages.ts';

/** The kinds of frames. */
export const KIND = { error: 0, prepareConf: 1, request: 2, extraInfo: 3, response: 4 } as const;

/** A frame as it came. */
export interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

/** What APISIX knows when a runner asks. */
export interface Knowledge {
  readonly vars?: Readonly<Record<string, Told>>;
  readonly body?: Told;
  readonly responseBody?: Told;
}

/** How a call ended. */
export interface Reply {
  /** The message, or what went wrong. */
  readonly message: Read;
  readonly kind: number;
  /** What was asked for, in its order. */
  readonly asked: readonly string[];
}

const ERRORS = ['BAD_REQUEST', 'SERVICE_UNAVAILABLE', 'CONF_TOKEN_NOT_FOUND'];

/** A frame of a kind. */
export function frame(kind: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(payload.length);
  header[0] = kind;
  return Buffer.concat([header, payload]);
}

/** One connection, as a worker of APISIX has it. */
export class RunnerClient {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** Connects; the connection is closed when the test ends. */
  static async connect(path: string): Promise<RunnerClient> {
    return RunnerClient.over(connect(path));
  }

  /** The same over a socket that is about to connect. */
  static async over(socket: Socket): Promise<RunnerClient> {
    if (socket.connecting) await once(socket, 'connect');
    onTestFinished(() => void socket.destroy());
    return new RunnerClient(socket);
  }

  send(kind: number, payload: Buffer): void {
    this.socket.write(frame(kind, payload));
  }

  /** The next frame; undefined when the runner closes the connection instead. */
  async receive(): Promise<Frame | undefined> {
    for (;;) {
      const received = this.#received;
      const length = received.length < 4 ? Infinity : received.readUIntBE(1, 3);
      if (received.length >= 4 + length) {
        this.#received = received.subarray(4 + length);
        return { kind: received.readUInt8(0), payload: Buffer.from(received.subarray(4, 4 + length)) };
      }
      if (this.#isClosed) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The token of a configuration: names and values of plugins. */
  async prepare(conf: readonly TestEntry[] | undefined, key = ''): Promise<number> {
    const { message } = await this.exchange(KIND.prepareConf, encode('prepareConf', { conf, key }));
    return Number(message['conf_token']);
  }

  request(token: number, fields: Fields = {}, knowledge: Knowledge = {}): Promise<Reply> {
    const whole = { id: 7, method: 0, path: '/', ...fields, conf_token: token };
    return this.exchange(KIND.request, encode('request', whole), knowledge);
  }

  response(token: number, fields: Fields = {}, knowledge: Knowledge = {}): Promise<Reply> {
    const whole = { id: 7, status: 200, ...fields, conf_token: token };
    return this.exchange(KIND.response, encode('response', whole), knowledge);
  }

  /** Sends a call, tells what is asked for, and waits for its end. */
  exchange(kind: number, payload: Buffer, knowledge: Knowledge = {}): Promise<Reply> {
    let { responseBody } = knowledge;
    return this.converse(frame(kind, payload), (type, name) => {
      let result: Told | undefined;
      if (type === 1) result = knowledge.vars?.[name];
      else if (type === 2) result = knowledge.body;
      else {
        // APISIX has it once.
        result = responseBody;
        responseBody = undefined;
      }
      return frame(KIND.extraInfo, encode('told', { result }));
    });
  }

  /** Sends the frame of a call, and the frame that `tell` has for each question, and waits for the end of the call. */
  async converse(call: Buffer, tell: (type: number, name: string) => Buffer): Promise<Reply> {
    this.socket.write(call);
    const asked: string[] = [];
    for (;;) {
      const reply = await this.receive();
      if (reply === undefined) return { kind: -1, message: { closed: true }, asked };
      if (reply.kind !== KIND.extraInfo) return { kind: reply.kind, message: read(reply), asked };
      const { info_type: type, info } = decode('question', reply.payload);
      const { name = '' } = (info ?? {}) as { name?: string };
      asked.push(
        type === 1 ? `var ${name}` : (['', '', 'request body', 'response body'][Number(type)] ?? String(type)),
      );
      this.socket.write(tell(Number(type), name));
    }
  }
}

/** A reply in words. */
function read({ kind, payload }: Frame): Read {
  switch (kind) {
    case KIND.error:
      return { error: ERRORS[Number(decode('error', payload)['code'] ?? 0)] };
    case KIND.prepareConf:
      return decode('confToken', payload);
    case KIND.request:
      return decode('requestReply', payload);
    default:
      return decode('responseReply', payload);
  }
}
