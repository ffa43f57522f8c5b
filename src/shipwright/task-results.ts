import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isFolder } from '../base/path-kind.ts';
import { type FailureReport, reportOf } from './failure-report.ts';

/** Files that Shipwright reads of a step that failed: `status.failureDetails` of the BuildRun. */
export interface FailureFiles {
  readonly reason: string;
  readonly message: string;
}

/** Where steps of Tekton leave results, a file each: https://tekton.dev/docs/pipelines/tasks/#emitting-results */
const FOLDER = '/tekton/results';

/**
 * Bytes of all results of a step, as JSON. A container may say 4096 at its end, a pod 12 KiB, which the kubelet divides by
 * its containers: enough for eight. What is longer is cut, and then nobody can read any of it.
 */
const LIMIT = 1536;
/** Of these, the reason, the frame of the message, and what Tekton adds. */
const OWN = 256;
/** The least that a message may have, whatever else there is. */
const LEAST = 256;
/** `{"key":...,"value":...,"type":1},` */
const ENTRY = 27;

/** Tells the task that this process is a part of, if it is one of Tekton, what it failed of. It never fails itself. */
export async function tellTask(error: unknown, folder: string = FOLDER): Promise<void> {
  if (!isFolder(folder)) return;
  const files = { reason: join(folder, 'shp-error-reason'), message: join(folder, 'shp-error-message') };
  try {
    await tellFailure(reportOf(error), files);
  } catch {
    // The log has it all the same, and what the build failed of is something else.
  }
}

/** Writes a report into files of a folder of results, the message as far as there is room beside the others. */
export async function tellFailure(report: FailureReport, { reason, message }: FailureFiles): Promise<void> {
  const room = LIMIT - OWN - (await lengthOfOthers(dirname(message), [reason, message]));
  await writeFile(message, shorten(report.message, Math.max(room, LEAST)));
  await writeFile(reason, report.reason);
}

/** Steps say at their end what all steps before them left, too: of the source's, its commit. */
async function lengthOfOthers(folder: string, own: readonly string[]): Promise<number> {
  let length = 0;
  for (const name of await readdir(folder)) {
    if (own.includes(join(folder, name))) continue;
    length += ENTRY + lengthOf(name) + lengthOf(await readFile(join(folder, name), 'utf8'));
  }
  return length;
}

/** Leaves out the middle of a text that is too long: its end is the hint, which says what to do. */
function shorten(text: string, limit: number): string {
  if (lengthOf(text) <= limit) return text;
  const gap = '\n[...]\n';
  const half = (limit - lengthOf(gap)) / 2;
  let [head, tail] = [text.slice(0, limit), text.slice(-limit)];
  while (lengthOf(head) > half) head = head.slice(0, -10);
  while (lengthOf(tail) > half) tail = tail.slice(10);
  return `${head.trimEnd()}${gap}${tail.trimStart()}`;
}

/** Bytes of a text in the JSON of Go's encoding/json, by which Tekton writes results: some letters are escaped for HTML. */
function lengthOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000'));
}
