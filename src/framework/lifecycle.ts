import type { Exports } from './exports.ts';
import type { UpgradeHandler } from './http/endpoint.ts';

/** Tells whether the function is alive or ready; false or a throw says that it is not. */
export type Probe = (() => unknown) & {
  /** Where it is asked; `/health/liveness` or `/health/readiness` when left out. */
  readonly path?: string;
};

/** What a module exports beside its functions, to take part in its life: https://github.com/knative/func */
export interface Lifecycle {
  /** Awaited before the server listens; a failure ends the start. */
  readonly init?: () => unknown;
  /** Awaited after the last request in flight. */
  readonly shutdown?: () => unknown;
  readonly liveness?: Probe;
  readonly readiness?: Probe;
  /** Takes over connections that ask to be upgraded. */
  readonly upgrade?: UpgradeHandler;
  /** Called with each WebSocket, of the package `ws`, and its request. */
  readonly websocket?: (socket: unknown, request: unknown) => unknown;
}

const NAMES = ['init', 'shutdown', 'liveness', 'readiness', 'upgrade', 'websocket'] as const;

/** The lifecycle exports of a module; one that is a target itself is a function like any other. */
export function lifecycleOf(exports: Exports, targets: readonly string[]): Lifecycle {
  const inner = exports['default'];
  const from: Exports = typeof inner === 'object' && inner !== null ? { ...inner, ...exports } : exports;
  const found = NAMES.filter((name) => typeof from[name] === 'function' && !targets.includes(name));
  return Object.fromEntries(found.map((name) => [name, from[name]]));
}
