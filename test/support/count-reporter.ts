import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with one plain line for people and CI: `N passed, N failed`, and `, N skipped` if any were. */
// oxlint-disable-next-line import/no-default-export -- vitest loads reporters that way
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string): number => states.filter((each) => each === state).length;
    const skipped = count('skipped') === 0 ? '' : `, ${count('skipped')} skipped`;
    process.stdout.write(`\n${count('passed')} passed, ${count('failed')} failed${skipped}\n`);
  }
}
