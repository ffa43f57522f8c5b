import { join } from 'node:path';
import { execa } from 'execa';
import { ERROR_CODES, FnError, type ErrorCode } from '../base/error.ts';
import type { Log } from '../base/log.ts';
import type { Environment } from '../base/setting.ts';
import { FRAMEWORK } from './framework-package.ts';
import { isTable } from './json-file.ts';

/** The function to prove. */
export interface BootCheck {
  readonly buildpackDir: string;
  readonly appDir: string;
  /** Absolute file or folder of the function. */
  readonly source: string;
  readonly target: string;
  readonly signatureType: string;
  /** Packages that are not on disk because their layer is reused: the check puts stand-ins in their place. */
  readonly standIns: readonly string[];
  readonly env: Environment;
  readonly log: Log;
}

/** What the check found out about the function. */
export interface ProvenFunction {
  /** Absolute path of the module that exports it. */
  readonly modulePath: string;
  readonly signatureType: string;
}

const TIMEOUT_MS = 60_000;

/**
 * Boots the function in a process of its own: loads it, checks the export, serves it on a free port and shuts down.
 * The function itself is not called. A fault is the FnError the framework would die with at launch.
 */
export async function proveFunction(check: BootCheck): Promise<ProvenFunction> {
  const { source, target, signatureType, standIns } = check;
  const result = await execa('node', [join(check.buildpackDir, FRAMEWORK.check)], {
    cwd: check.appDir,
    env: { ...check.env, OFN_CHECK: JSON.stringify({ source, target, signatureType, standIns }) },
    extendEnv: false,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    all: true,
    reject: false,
    timeout: TIMEOUT_MS,
    forceKillAfterDelay: 1000,
    maxBuffer: 1024 * 1024,
  });
  for (const line of result.all.split('\n').filter((text) => text !== '')) check.log.debug(line);
  const report = parseReport(result.stdio[3]);
  if (report !== undefined) return readReport(report);
  throw new FnError(
    `Couldn't boot the function: ${ending(result)}.\n\n${result.all.split('\n').slice(-20).join('\n')}`,
    {
      code: 'OFN-CHECK',
      hint: "Keep calls that need the running environment out of the module's top level, or set BP_FUNCTION_CHECK=off.",
    },
  );
}

function ending(result: { timedOut: boolean; exitCode?: number; signal?: string; isMaxBuffer: boolean }): string {
  if (result.timedOut) return `loading it took more than ${TIMEOUT_MS / 1000} seconds`;
  if (result.isMaxBuffer) return 'it printed more than 1 MiB while loading';
  return `its process ended by ${result.signal ?? `exit code ${result.exitCode}`} while loading`;
}

/** The report the check process writes to file descriptor 3. */
function parseReport(text: unknown): Record<string, unknown> | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  const report: unknown = JSON.parse(text);
  return isTable(report) ? report : undefined;
}

function readReport(report: Record<string, unknown>): ProvenFunction {
  if (report['ok'] === true) {
    return { modulePath: String(report['modulePath']), signatureType: String(report['signatureType']) };
  }
  throw new FnError(String(report['message']), { code: toCode(report['code']), hint: String(report['hint']) });
}

function toCode(code: unknown): ErrorCode {
  return Object.keys(ERROR_CODES).find((known): known is ErrorCode => known === code) ?? 'OFN-INTERNAL';
}
