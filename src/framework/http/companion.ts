import type { IncomingHttpHeaders } from 'node:http';
import type { Log } from '../../base/log.ts';
import type { NamedFunction } from '../loader.ts';
import type { Upgrades } from './endpoint.ts';
import type { Interceptor } from './exchange.ts';
import { answerFailure, type FailurePolicy } from './failure.ts';
import type { Gate } from './gate.ts';
import { matcherOf } from './path-router.ts';
import { pathOf } from './query.ts';
import { hasBody, readBytes, type BodyProblem } from './read-body.ts';
import type { Request, Response } from './types.ts';

/** A request for a path of a companion. */
export interface CompanionRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed; undefined without one. */
  readonly body: Buffer | undefined;
  /** Why there is no body although one was sent. */
  readonly problem: BodyProblem | undefined;
}

/** What a companion answers. */
export interface CompanionAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Answers some paths beside the functions, whatever their signature: while they are not ready yet, and until the requests
 * in flight have ended at the end. The server listens before `init` because of it.
 */
export interface Companion {
  /** For messages. */
  readonly name: string;
  /** Taken from the functions; compared exactly. */
  readonly paths: readonly string[];
  /** Bytes of a body. */
  readonly bodyLimit: number;
  readonly answer: (request: CompanionRequest) => CompanionAnswer | Promise<CompanionAnswer>;
  /** Functions are called once it resolves, and never when it rejects. */
  readonly opened: Promise<void>;
}

/** Answers the paths of a companion; no function is called for them. */
export function answerCompanion({ paths, bodyLimit, answer }: Companion, policy: FailurePolicy): Interceptor {
  const own = new Set(paths);
  const respond = async (req: Request, res: Response, path: string): Promise<void> => {
    const read = hasBody(req) ? await bodyOf(req, bodyLimit) : { body: undefined, problem: undefined };
    const { status, headers, body } = await answer({ method: req.method, path, headers: req.headers, ...read });
    if (res.writableEnded || res.destroyed) return;
    res.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
    res.end(req.method === 'HEAD' ? undefined : body);
  };
  return (req, res) => {
    const path = pathOf(req.url);
    if (!own.has(path)) return false;
    respond(req, res, path).catch((error: unknown) => answerFailure(res, error, { status: 'crash' }, policy));
    return true;
  };
}

function bodyOf(req: Request, limit: number): Promise<Pick<CompanionRequest, 'body' | 'problem'>> {
  return new Promise((resolve) => readBytes(req, limit, (body, problem) => resolve({ body, problem })));
}

/** Tells which declared paths are taken from their functions. A function without a path of its own has all the others. */
export function warnOfConflicts({ name, paths }: Companion, functions: readonly NamedFunction[], log: Log): void {
  for (const { name: fn, options } of functions) {
    const matches = options.path === undefined ? undefined : matcherOf(options.path);
    const lost = paths.filter((path) => matches?.(path) === true);
    if (lost.length === 0) continue;
    log.warn(
      `The path ${options.path} of the function "${fn}" is in conflict with ${name}, which answers ${lost.join(', ')}.`,
    );
  }
}

/** Has connections that ask for another protocol wait like requests. */
export function gateUpgrades({ accepts, handle }: Upgrades, gate: Gate): Upgrades {
  return {
    accepts,
    handle: (req, socket, head, scope) =>
      new Promise((resolve, reject) => {
        const pass = async (): Promise<void> => {
          try {
            resolve(await handle(req, socket, head, scope));
          } catch (error) {
            reject(error);
          }
        };
        gate.enter(
          () => void pass(),
          () => {
            socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
            resolve(undefined);
          },
        );
      }),
  };
}
