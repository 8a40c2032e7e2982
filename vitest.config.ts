import { defineConfig } from 'vitest/config';

/**
 * Three projects: `default` runs everywhere, in memory and on loopback; `lan` makes network namespaces and needs root;
 * `interop` talks to programs that nobody here wrote. `npm test` runs the first, `scripts/test` all.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'default',
          include: ['test/**/*.test.ts'],
          exclude: ['test/lan/**', 'test/interop/**'],
          testTimeout: 20_000,
          // One worker fewer than there are processors, which is what stands otherwise, halves a machine of two.
          maxWorkers: '100%',
        },
      },
      // Two files at a time, after all others: they measure times, and wait more than they work.
      {
        test: {
          name: 'lan',
          include: ['test/lan/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      // One file after another: they share the machine's network, and measure times.
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
