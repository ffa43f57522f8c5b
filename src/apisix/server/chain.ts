import type { GatewayRequest } from '../http/request.ts';
import type { GatewayResponse } from '../http/response.ts';
import type { StopWriter } from '../http/response-writer.ts';
import type { Step } from './conf-cache.ts';
import { PluginFailure } from './faults.ts';
import type { RunningCall } from './running-call.ts';

/** Runs filters until one has written a response. As long as none is async, nothing waits for anything. */
export function filterRequest(
  steps: readonly Step[],
  request: GatewayRequest,
  writer: StopWriter,
  call: RunningCall,
): Promise<void> | undefined {
  return runInTurn(steps, call, {
    run: ({ plugin, conf }) => plugin.requestFilter?.(conf, writer, request),
    isOver: () => writer.isWritten,
  });
}

/** Runs filters until one ends the chain, which with `stopOnFirstChange` every change does. */
export function filterResponse(
  steps: readonly Step[],
  response: GatewayResponse,
  stopOnFirstChange: boolean,
  call: RunningCall,
): Promise<void> | undefined {
  return runInTurn(steps, call, {
    run: ({ plugin, conf }) => plugin.responseFilter?.(conf, response),
    isOver: () => {
      response.written.seal();
      return response.isEnded || (stopOnFirstChange && response.isChanged);
    },
  });
}

type Filtering = void | Promise<void>;

interface Chain {
  readonly run: (step: Step) => Filtering;
  readonly isOver: () => boolean;
}

function runInTurn(steps: readonly Step[], call: RunningCall, chain: Chain): Promise<void> | undefined {
  for (let index = 0; index < steps.length; index += 1) {
    // oxlint-disable-next-line typescript/no-non-null-assertion -- index is below its length
    const step = steps[index]!;
    const running = runOne(step, call, chain);
    if (running !== undefined) return goOn(running, steps, index, call, chain);
    if (chain.isOver()) return undefined;
  }
  return undefined;
}

function runOne(step: Step, call: RunningCall, { run }: Chain): Filtering {
  call.plugin = step.plugin.name;
  try {
    return run(step);
  } catch (error) {
    throw new PluginFailure(step.plugin.name, error);
  }
}

/** The same from the first filter on that takes its time; none of them begins when nobody waits for the answer any more. */
async function goOn(
  first: Promise<void>,
  steps: readonly Step[],
  from: number,
  call: RunningCall,
  chain: Chain,
): Promise<void> {
  let running: Filtering = first;
  for (let index = from; index < steps.length; index += 1) {
    // oxlint-disable-next-line typescript/no-non-null-assertion -- index is below its length
    const step = steps[index]!;
    if (index > from) {
      call.requireRunning();
      running = runOne(step, call, chain);
    }
    try {
      await running;
    } catch (error) {
      throw new PluginFailure(step.plugin.name, error);
    }
    if (chain.isOver()) return;
  }
}
