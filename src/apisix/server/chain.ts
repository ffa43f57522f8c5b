import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { StopWriter } from '../http/response-writer.ts';
import type { Step } from './conf-cache.ts';

/** What a plugin threw, and which one it was. */
export class PluginFailure extends Error {
  readonly plugin: string;

  constructor(plugin: string, cause: unknown) {
    super(`The plugin "${plugin}" failed.`, { cause });
    this.name = 'PluginFailure';
    this.plugin = plugin;
  }
}

/** Runs filters until one has written a response. As long as none is async, nothing waits for anything. */
export function filterRequest(
  steps: readonly Step[],
  request: GatewayRequest,
  writer: StopWriter,
): Promise<void> | undefined {
  return runInTurn(
    steps,
    ({ plugin, conf }) => plugin.requestFilter?.(conf, writer, request),
    () => writer.isWritten,
  );
}

/** Runs filters until one ends the chain, which with `stopOnFirstChange` every change does. */
export function filterResponse(
  steps: readonly Step[],
  response: GatewayResponse,
  stopOnFirstChange: boolean,
): Promise<void> | undefined {
  return runInTurn(
    steps,
    ({ plugin, conf }) => plugin.responseFilter?.(conf, response),
    () => {
      response.written.seal();
      return response.isEnded || (stopOnFirstChange && response.isChanged);
    },
  );
}

type Filtering = void | Promise<void>;
type Run = (step: Step) => Filtering;

function runInTurn(steps: readonly Step[], run: Run, isOver: () => boolean): Promise<void> | undefined {
  for (let index = 0; index < steps.length; index += 1) {
    // oxlint-disable-next-line typescript/no-non-null-assertion -- index is below its length
    const step = steps[index]!;
    const running = runOne(step, run);
    if (running !== undefined) return goOn(running, steps, index, run, isOver);
    if (isOver()) return undefined;
  }
  return undefined;
}

function runOne(step: Step, run: Run): Filtering {
  try {
    return run(step);
  } catch (error) {
    throw new PluginFailure(step.plugin.name, error);
  }
}

/** The same from the first filter on that takes its time. */
async function goOn(
  first: Promise<void>,
  steps: readonly Step[],
  start: number,
  run: Run,
  isOver: () => boolean,
): Promise<void> {
  let running: Filtering = first;
  for (let index = start; index < steps.length; index += 1) {
    // oxlint-disable-next-line typescript/no-non-null-assertion -- index is below its length
    const step = steps[index]!;
    try {
      if (index > start) running = run(step);
      await running;
    } catch (error) {
      throw new PluginFailure(step.plugin.name, error);
    }
    if (isOver()) return;
  }
}
