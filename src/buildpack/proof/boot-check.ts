import { join } from 'node:path';
import { execa } from 'execa';
import type { ManifestFunction } from '../../base/function-manifest.ts';
import { ERROR_CODES, FnError, type ErrorCode } from '../../base/error.ts';
import type { Log } from '../../base/log.ts';
import type { Environment } from '../../base/setting.ts';
import { encodeCheckRequest, readCheckReport, type CheckReport, type CheckRequest } from './check-protocol.ts';
import { SAME_BYTES_FLAGS } from '../compile-cache/fill.ts';
import { FRAMEWORK } from '../framework-layer/framework-names.ts';
import { readObservations, type Observations } from './observation.ts';

/** Where and how to prove a function. */
export interface BootCheck {
  readonly buildpackDir: string;
  readonly appDir: string;
  readonly request: CheckRequest;
  readonly env: Environment;
  readonly log: Log;
}

/** What the check found out about the function. */
export interface ProvenFunction {
  /** Absolute path of the module that exports it. */
  readonly modulePath: string;
  readonly signatureType: string;
  /** What is served; empty where nobody booted it. */
  readonly functions: readonly ManifestFunction[];
  /** The names that its module exports, sorted; undefined where nobody booted it. */
  readonly exports: readonly string[] | undefined;
}

/** A proven function, and what was seen while it loaded. */
export interface CheckedFunction extends ProvenFunction, Observations {
  /** What did not keep it from booting, such as a plugin that can't be loaded. */
  readonly warnings: readonly string[];
  /** Processor time from the start of its process until it answered, in milliseconds. */
  readonly cpuMilliseconds: number;
}

const TIMEOUT_MS = 60_000;
const OUTPUT_LIMIT = 1024 * 1024;

/**
 * Boots the function in a process of its own: loads it, checks the export, serves it on a free port and shuts down.
 * The function itself is not called. A fault is the FnError the framework would die with at launch.
 */
export async function proveFunction(check: BootCheck): Promise<CheckedFunction> {
  const result = await execa('node', [...SAME_BYTES_FLAGS, join(check.buildpackDir, FRAMEWORK.check)], {
    cwd: check.appDir,
    env: { ...check.env, ...encodeCheckRequest(check.request) },
    extendEnv: false,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    all: true,
    reject: false,
    timeout: TIMEOUT_MS,
    forceKillAfterDelay: 1000,
    maxBuffer: OUTPUT_LIMIT,
  });
  for (const line of result.all.split('\n').filter((text) => text !== '')) check.log.debug(line);
  const report = readCheckReport(result.stdio[3]);
  if (report?.ok === true) return { ...report, ...readObservations(result.stdio) };
  if (report !== undefined) throw failureOf(report);
  const output = result.all.split('\n').slice(-20).join('\n');
  throw new FnError(`Couldn't boot the function: ${endingOf(result)}.\n\n${output}`, {
    code: 'OFN-CHECK',
    hint: "Keep calls that need the running environment out of the module's top level, or set BP_FUNCTION_CHECK=off.",
  });
}

/** A fault is that of a launch; what the build alone lacks, such as variables, may be at hand there. */
function failureOf({ code, hint, message }: Extract<CheckReport, { readonly ok: false }>): FnError {
  const more =
    code === 'OFN-FUNC-LOAD'
      ? ' Where it needs a variable of the launch, give the build one too, or set BP_FUNCTION_CHECK=off.'
      : '';
  return new FnError(message, { code: toCode(code), hint: `${hint}${more}` });
}

interface Ending {
  readonly timedOut: boolean;
  readonly isMaxBuffer: boolean;
  readonly exitCode?: number;
  readonly signal?: string;
}

function endingOf({ timedOut, isMaxBuffer, exitCode, signal }: Ending): string {
  if (timedOut) return `loading it took more than ${TIMEOUT_MS / 1000} seconds`;
  if (isMaxBuffer) return `it printed more than ${OUTPUT_LIMIT} bytes while loading`;
  return `its process ended by ${signal ?? `exit code ${exitCode}`} while loading`;
}

function toCode(code: string): ErrorCode {
  return Object.keys(ERROR_CODES).find((known): known is ErrorCode => known === code) ?? 'OFN-INTERNAL';
}
