import type { Socket } from 'node:net';
import { ByteBuffer } from 'flatbuffers';
import { messageOf } from '../../base/error.ts';
import type { Question } from '../http/call.ts';
import { writeError, writeQuestion } from '../http/replies.ts';
import { Resp as Told } from '../protocol/a6/extra-info/resp.ts';
import { FRAME, FrameReader } from '../protocol/frame.ts';
import type { MessageWriter } from '../protocol/message-writer.ts';
import { isSound, SHAPES } from '../protocol/verify.ts';
import { callOf, type Answer, type CallServices, type Waiting } from './calls.ts';
import { closed, codeOf, late, lineOf } from './faults.ts';
import { RunningCall, type Asker } from './running-call.ts';

/** What a connection needs. */
export interface ConnectionServices extends CallServices {
  /** Shared by all connections: a message is written and sent in one go. */
  readonly writer: MessageWriter;
  /** Milliseconds that filters have. */
  readonly deadline: number;
}

interface Frame {
  readonly kind: number;
  readonly payload: Buffer;
}

/** One connection of APISIX: one call after the other, with questions in between. */
export class Connection implements Asker {
  readonly #socket: Socket;
  readonly #services: ConnectionServices;
  readonly #reader = new FrameReader((kind, payload) => this.#take({ kind, payload }));
  /** What APISIX was asked for and has not told yet; it tells in that order. */
  readonly #asked: PromiseWithResolvers<Buffer | undefined>[] = [];
  #call: RunningCall | undefined;
  /** A frame that waits until the call before has ended. */
  #next: Frame | undefined;
  /** APISIX has closed its side; the answer to its last call is the last. */
  #isEnding = false;
  /** When the filters of the call began to take their time. */
  #waitsSince = 0;

  constructor(socket: Socket, services: ConnectionServices) {
    this.#socket = socket;
    this.#services = services;
    socket.on('drain', () => this.#goOn());
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error) => this.#services.log.debug(`A connection failed: ${messageOf(error)}`));
    socket.on('close', () => this.#abandon());
  }

  /** Takes what has come; the memory is not kept. */
  receive(chunk: Buffer, length: number): void {
    this.#reader.push(chunk, length);
  }

  /** Whether no call is running, and all answers have gone. */
  get isIdle(): boolean {
    return this.#call === undefined && this.#next === undefined && this.#socket.writableLength === 0;
  }

  /** Answers a call that has waited for longer than it may, at this time, and aborts it. */
  expire(now: number): void {
    const { deadline } = this.#services;
    const call = this.#call;
    if (call === undefined || now - this.#waitsSince < deadline) return;
    const reason = late(deadline, call.plugin);
    call.abort(reason);
    this.#fail(reason, call);
    this.#goOn();
  }

  /** Closes it at once, and aborts the call that is running. */
  destroy(): void {
    this.#socket.destroy();
    this.#abandon();
  }

  ask(question: Question): Promise<Buffer | undefined> {
    // What waits would have to be read before the answer.
    if (this.#next !== undefined) this.#break('A call came before the one before had its answer.');
    if (this.#socket.destroyed) return Promise.reject(closed());
    const asked = Promise.withResolvers<Buffer | undefined>();
    this.#asked.push(asked);
    this.#send((writer) => writeQuestion(writer, question));
    return asked.promise;
  }

  #take(frame: Frame): boolean {
    if (this.#asked.length > 0) {
      this.#tell(frame);
      return true;
    }
    if (!this.#socket.writable) return true;
    if (this.#call !== undefined || this.#socket.writableNeedDrain) {
      this.#next = frame;
      this.#socket.pause();
      return false;
    }
    this.#start(frame);
    return true;
  }

  /** Takes the answer to the oldest question. */
  #tell({ kind, payload }: Frame): void {
    if (kind !== FRAME.EXTRA_INFO) {
      this.#break(`A frame of the kind ${kind} came instead of an answer.`);
      return;
    }
    if (!isSound(payload, SHAPES.extraInfo)) {
      this.#break('An answer points out of itself.');
      return;
    }
    const bytes = Told.getRootAsResp(new ByteBuffer(payload)).resultArray() ?? undefined;
    this.#asked.shift()?.resolve(bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  #start({ kind, payload }: Frame): void {
    const call = new RunningCall(this, this.#services.log);
    this.#call = call;
    try {
      const { waiting, answer } = callOf(kind, payload, call, this.#services);
      if (waiting === undefined) this.#finish(answer, call);
      else this.#wait(waiting, answer, call);
    } catch (error) {
      this.#fail(error, call);
    }
  }

  /** Answers when the filters have ended, unless `expire` has done so before. */
  #wait({ filters, release }: Waiting, answer: Answer, call: RunningCall): void {
    this.#waitsSince = performance.now();
    const end = (conclude: () => void): void => {
      release();
      // The answer of a call that came too late is not waited for any more.
      if (this.#call !== call) return;
      conclude();
      this.#goOn();
    };
    filters.then(
      () => end(() => this.#conclude(answer, call)),
      (error: unknown) => end(() => this.#fail(error, call)),
    );
  }

  #conclude(answer: Answer, call: RunningCall): void {
    try {
      this.#finish(answer, call);
    } catch (error) {
      this.#fail(error, call);
    }
  }

  #finish(answer: Answer, call: RunningCall): void {
    call.finish();
    this.#send(answer);
    this.#call = undefined;
    if (this.#isEnding) this.#socket.end();
  }

  #fail(error: unknown, call: RunningCall): void {
    const [loudness, line] = lineOf(error, call);
    this.#services.log[loudness](line);
    this.#finish((writer) => writeError(writer, codeOf(error)), call);
  }

  #send(write: Answer): void {
    const { writer } = this.#services;
    if (!this.#socket.writable) return;
    this.#socket.write(write(writer));
    // What the socket could not take at once is still read from there.
    if (this.#socket.writableLength > 0) writer.renew();
  }

  /** Starts the frame that waits, and reads on, as the answers to its questions come behind it. */
  #goOn(): void {
    if (this.#call !== undefined || this.#next === undefined || this.#socket.writableNeedDrain) return;
    const frame = this.#next;
    this.#next = undefined;
    this.#start(frame);
    this.#socket.resume();
    this.#reader.release();
  }

  #onEnd(): void {
    const { log } = this.#services;
    if (!this.#reader.isBetweenFrames) log.warn('A connection ended within a frame.');
    this.#isEnding = true;
    this.#abandon();
    if (this.#call === undefined) this.#socket.end();
  }

  /** Nothing can be asked any more. */
  #abandon(): void {
    this.#call?.abort();
    for (const { reject } of this.#asked.splice(0)) reject(closed());
  }

  /** Ends a connection on which nothing can be understood any more. */
  #break(why: string): void {
    this.#services.log.error(why);
    this.destroy();
  }
}
