// The steps of scripts/test after the installation: build, checks, tests; then the count.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summary, tally } from './tally.mjs';

const steps = ['build', 'typecheck', 'lint', 'imports'];
const folder = mkdtempSync(join(tmpdir(), 'hearth-test-'));
const report = join(folder, 'report.json');

const results = steps.map((step) => {
  console.log(`— npm run ${step}`);
  const { status } = spawnSync('npm', ['run', '--silent', step], { stdio: 'inherit' });
  return { name: `npm run ${step}`, passed: status === 0 };
});

console.log('— vitest');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const { status } = spawnSync('npx', ['vitest', 'run', ...reporters, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
const tests = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
rmSync(folder, { recursive: true });

const counted = tally(results, tests, status === 0);
for (const line of summary(counted)) console.log(line);
process.exitCode = counted.failed.length > 0 ? 1 : 0;
