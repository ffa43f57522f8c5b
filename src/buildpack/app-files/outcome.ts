import { hasSecret } from '../bindings/leaks.ts';
import type { AppFiles } from './app-files.ts';
import { changesBetween, readMade, type MadeFiles } from './made-files.ts';
import { encodeMade, MOST_TEXT, MOST_UNPACKED } from './text.ts';

/** What a build made in the app's folder, and whether the next one can have it out of the metadata of the image. */
export type Outcome = Repeatable | NotRecorded;

/** An outcome that needs no work to be had again. */
export type Repeatable =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'recorded';
      readonly made: MadeFiles;
      /** The same as a text. */
      readonly text: string;
    };

/** One that does. */
export type NotRecorded =
  | {
      readonly kind: 'too-large';
      readonly bytes: number;
      readonly most: number;
      /** Whether these are the bytes of its text, or those of all files. */
      readonly isCompressed: boolean;
    }
  | {
      readonly kind: 'secret';
      /** The file that has one of the build's, relative to the app. */
      readonly path: string;
    };

/** Whether it needs no work to be had again. */
export function isRepeatable(outcome: Outcome): outcome is Repeatable {
  return outcome.kind === 'nothing' || outcome.kind === 'recorded';
}

/** An app as it was given, without what an image does not get, and as the image gets it. */
export interface FinishedApp {
  readonly appDir: string;
  readonly given: AppFiles;
  readonly now: AppFiles;
  /** What must not be in metadata, where compression would hide it. */
  readonly secrets: readonly string[];
}

/** Finds out what was made. */
export async function findOutcome({ appDir, given, now, secrets }: FinishedApp): Promise<Outcome> {
  const changes = changesBetween(given, now);
  if (changes.added.length === 0 && changes.removed.length === 0) return { kind: 'nothing' };
  const made = await readMade(appDir, changes, MOST_UNPACKED);
  if (typeof made === 'number') return { kind: 'too-large', bytes: made, most: MOST_UNPACKED, isCompressed: false };
  const leak = made.added.find(({ path, content }) => hasSecret([path, content], secrets));
  if (leak !== undefined) return { kind: 'secret', path: leak.path };
  const text = encodeMade(made);
  if (text.length > MOST_TEXT) return { kind: 'too-large', bytes: text.length, most: MOST_TEXT, isCompressed: true };
  return { kind: 'recorded', made, text };
}
