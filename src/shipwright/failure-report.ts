import { FnError, messageOf, type ErrorCode } from '../base/error.ts';

/** What Shipwright shows of a failure: `status.failureDetails` of the BuildRun. */
export interface FailureReport {
  /** A code of docs/errors.md. */
  readonly reason: string;
  readonly message: string;
}

/** Kubernetes keeps 4096 bytes of all results of a container, as JSON. */
const LIMIT = 2048;
/** The end of a message is its hint, which says what to do. */
const TAIL = 600;

const CODED = /^(?:\[\w+\] )?ERROR \[(OFN-[A-Z-]+)\] (.*)$/;
const OF_LIFECYCLE = /^(?:\[\w+\] )?(?:ERROR: |Timer: )/;

interface Phase {
  readonly act: string;
  readonly hint: string;
}

const REGISTRY =
  'See that the secrets of the Build (spec.output.pushSecret) fit the registry, and that this cluster reaches it; spec.output.insecure is for one without TLS.';
const LOG = 'The log of the step "build" says why.';

/** What the lifecycle says that it does, and what to do where it fails by itself. */
const PHASES: Readonly<Record<string, Phase>> = {
  ANALYZING: { act: 'looking at the images', hint: REGISTRY },
  DETECTING: {
    act: 'looking for a function',
    hint: 'See that spec.source.contextDir is the folder of the function, and FUNC_NAME its name. The log of the step "build" says more.',
  },
  RESTORING: {
    act: 'restoring the cache',
    hint: 'Empty the volume "cache", or set the parameter clear-cache to "true".',
  },
  BUILDING: { act: 'building', hint: LOG },
  EXPORTING: { act: 'sending the image to its registry', hint: REGISTRY },
};

/** Reads what a lifecycle prints, a line each call, and says why it failed. */
export class FailureReader {
  #phase: Phase | undefined;
  #coded: { readonly code: string; readonly lines: string[]; isOpen: boolean } | undefined;
  #last: string | undefined;

  read(line: string): void {
    const phase = /^(?:\[\w+\] )?===> ([A-Z]+)/.exec(line)?.[1];
    if (phase !== undefined) this.#phase = PHASES[phase];
    if (line.startsWith('ERROR: ')) this.#last = line.slice('ERROR: '.length);
    const [, code, text = ''] = CODED.exec(line) ?? [];
    if (code !== undefined) this.#coded = { code, lines: [text], isOpen: true };
    else if (OF_LIFECYCLE.test(line) && this.#coded !== undefined) this.#coded.isOpen = false;
    else if (this.#coded?.isOpen === true) this.#coded.lines.push(line);
  }

  /** The buildpack's own failure where it had one, else OFN-LIFECYCLE. `signal` ended the lifecycle, if one did. */
  report(signal: string | undefined): FailureReport {
    if (this.#coded !== undefined)
      return { reason: this.#coded.code, message: shorten(this.#coded.lines.join('\n').trim()) };
    return reportOf(this.#failure(signal));
  }

  #failure(signal: string | undefined): FnError {
    const act = this.#phase?.act ?? 'starting';
    if (signal === 'SIGKILL') {
      return failure(
        `the lifecycle was killed while it was ${act}`,
        'Most likely the memory was too little: give the step "build" more in spec.strategy.stepResources.',
      );
    }
    return failure(
      `the lifecycle failed while it was ${act}: ${this.#last ?? 'it did not say why'}`,
      this.#phase?.hint ?? LOG,
    );
  }
}

function failure(what: string, hint: string): FnError {
  const code: ErrorCode = 'OFN-LIFECYCLE';
  return new FnError(`Couldn't build the image: ${what}.`, { code, hint });
}

/** What Shipwright is told of a failure of this program. */
export function reportOf(error: unknown): FailureReport {
  const code: ErrorCode = error instanceof FnError ? error.code : 'OFN-INTERNAL';
  const hint = error instanceof FnError ? error.hint : LOG;
  return { reason: code, message: shorten(`${messageOf(error)}\n\n${hint}`) };
}

/** Leaves out the middle of a text that is too long. */
function shorten(text: string): string {
  if (lengthOf(text) <= LIMIT) return text;
  let tail = text.slice(-TAIL);
  while (lengthOf(tail) > LIMIT / 2) tail = tail.slice(50);
  let head = text.slice(0, LIMIT - TAIL);
  while (lengthOf(head) + lengthOf(tail) > LIMIT && head !== '') head = head.slice(0, -50);
  return `${head.trimEnd()}\n[...]\n${tail.trimStart()}`;
}

/** Bytes of a text in the JSON of Go's encoding/json, by which Tekton writes results: some letters are escaped for HTML. */
function lengthOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000'));
}
