import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { scratchSpace } from './test/support/scratch-space.ts';

const project = (name: string, testTimeout: number, more: object = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    ...more,
  },
});

export default defineConfig({
  test: {
    reporters: ['default', './test/support/count-reporter.ts'],
    allowOnly: !process.env['CI'],
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    // Tests remove what they start themselves; the reaper would be one more image to pull.
    env: { TESTCONTAINERS_RYUK_DISABLED: 'true' },
    projects: [
      project('unit', 10_000),
      project('contract', 120_000, { maxWorkers: 2, env: { TMPDIR: scratchSpace() } }),
      // In a cluster alone: `make test-cluster`.
      project('cluster', 900_000, { maxWorkers: 1, fileParallelism: false }),
      project('image', 600_000, {
        maxWorkers: 2,
        globalSetup: './test/support/leftovers.ts',
        // Keys for its caches' names, which pack otherwise keeps in a file that two of it write over each other.
        env: { PACK_VOLUME_KEY: 'of-the-tests' },
      }),
    ],
  },
});
