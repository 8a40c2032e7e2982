import { describe, expect, it } from 'vitest';

const script = new URL('../../scripts/tally.mjs', import.meta.url).href;
const { tally, summary } = await import(script);

const assertion = (fullName: string, status: string) => ({ fullName, status });

describe('the count of scripts/test', () => {
  it('adds the steps and the tests, and names what failed and was skipped', () => {
    const report = {
      testResults: [
        {
          name: '/home/a/hearth/test/lan/x.test.ts',
          status: 'failed',
          assertionResults: [
            assertion('a', 'passed'),
            assertion('b', 'failed'),
            assertion('c (not root)', 'pending'),
          ],
        },
      ],
    };
    const steps = [
      { name: 'npm run build', passed: true },
      { name: 'npm run lint', passed: false },
    ];
    expect(summary(tally(steps, report, false))).toEqual([
      'skipped: test/lan/x.test.ts: c (not root)',
      'failed: npm run lint',
      'failed: test/lan/x.test.ts: b',
      '2 passed, 2 failed, 1 skipped',
    ]);
  });

  it('never takes a run that broke for a good one', () => {
    expect(summary(tally([], undefined, false)).at(-1)).toBe('0 passed, 1 failed');
    const broken = {
      testResults: [{ name: 'test/a.test.ts', status: 'failed', message: 'no\nmore', assertionResults: [] }],
    };
    expect(tally([], broken, false).failed).toEqual(['test/a.test.ts: no']);
  });
});
