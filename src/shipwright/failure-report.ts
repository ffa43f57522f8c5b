import { ERROR_CODES, FnError, messageOf, type ErrorCode } from '../base/error.ts';

/** What Shipwright shows of a failure: `status.failureDetails` of the BuildRun. */
export interface FailureReport {
  /** A code of docs/errors.md. */
  readonly reason: string;
  readonly message: string;
}

interface Phase {
  readonly act: string;
  readonly hint: string;
  /** Whether buildpacks run in it. */
  readonly ofBuildpacks?: true;
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
    ofBuildpacks: true,
  },
  RESTORING: {
    act: 'restoring the cache',
    hint: 'Empty the volume "cache", or set the parameter clear-cache to "true".',
  },
  BUILDING: { act: 'building', hint: LOG, ofBuildpacks: true },
  EXPORTING: { act: 'sending the image to its registry', hint: REGISTRY },
};

/** Reads what a lifecycle prints, a line each call, and says why it failed. */
export class FailureReader {
  #phase: Phase | undefined;
  #last: string | undefined;

  read(line: string): void {
    const phase = /^(?:\[\w+\] )?===> ([A-Z]+)/.exec(line)?.[1];
    if (phase !== undefined) this.#phase = PHASES[phase];
    if (line.startsWith('ERROR: ')) this.#last = line.slice('ERROR: '.length);
  }

  /** Whether it may have been a buildpack that failed. */
  get isOfBuildpacks(): boolean {
    return this.#phase?.ofBuildpacks === true;
  }

  /** The lifecycle's own failure: OFN-LIFECYCLE. `signal` ended the lifecycle, if one did. */
  report(signal: string | undefined): FailureReport {
    const act = this.#phase?.act ?? 'starting';
    if (signal === 'SIGKILL') {
      return report(
        `the lifecycle was killed while it was ${act}`,
        'Most likely the memory was too little: give the step "build" more in spec.strategy.stepResources.',
      );
    }
    return report(
      `the lifecycle failed while it was ${act}: ${this.#last ?? 'it did not say why'}`,
      this.#phase?.hint ?? LOG,
    );
  }
}

function report(what: string, hint: string): FailureReport {
  return reportOf(new FnError(`Couldn't build the image: ${what}.`, { code: 'OFN-LIFECYCLE', hint }));
}

/** What Shipwright is told of a failure of ours. */
export function reportOf(error: unknown): FailureReport {
  const code: ErrorCode = error instanceof FnError ? error.code : 'OFN-INTERNAL';
  const hint = error instanceof FnError ? error.hint : ERROR_CODES['OFN-INTERNAL'];
  return { reason: code, message: `${messageOf(error)}\n\n${hint}` };
}
