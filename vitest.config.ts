import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number, maxWorkers?: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    ...(maxWorkers === undefined ? {} : { maxWorkers, fileParallelism: maxWorkers > 1 }),
  },
});

export default defineConfig({
  test: {
    allowOnly: !process.env['CI'],
    passWithNoTests: false,
    projects: [project('unit', 10_000), project('contract', 60_000), project('image', 600_000, 1)],
  },
});
