import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Bench, CannotRun } from '../bench.js';
import type { Bar, Figure } from '../figure.js';
import type { Lab } from '../lab.js';
import type { ShapeTimes, Times } from '../registry/duel.js';
import { SHAPES } from '../registry/queries.js';
import { Child } from '../servers/child.js';
import { searchOverTheWire } from './search-wire.js';

const SIZES = [1000, 10_000, 100_000];

/** The size that has to reach all bars; what is beyond it is told. */
const JUDGED = 100_000;

/** Microseconds that no search may take more often than once in a hundred. */
const LATE = 5000;

/** Searches of six shapes in the hub's index, beside SQLite and a scan of LevelDB. */
export const search: Bench = {
  name: 'search',
  about: 'searches of six shapes in 1,000 to 100,000 things, beside SQLite and a scan of LevelDB',
  run: async (lab) => {
    refuseWithoutSqlite(lab);
    const { things } = lab.options;
    const figures: Figure[] = [];
    for (const size of things === undefined ? SIZES : [things]) {
      const times = await duel(lab, size);
      tell(lab, size, times);
      figures.push(...judge(size, times));
    }
    figures.push(...(await searchOverTheWire(lab, things ?? JUDGED)));
    return figures;
  },
};

/** SQLite is compiled where it is installed, so it is no dependency of the project. */
function refuseWithoutSqlite(lab: Lab): void {
  const cwd = join(lab.options.root, 'bench');
  const tried = spawnSync(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:')"], {
    cwd,
    encoding: 'utf8',
  });
  if (tried.status === 0) return;
  const [why = ''] = /^Error: .*$/m.exec(tried.stderr) ?? [];
  throw new CannotRun(
    `better-sqlite3 is not installed or not compiled (${why}). Run: npm ci --prefix bench. If npm does not run install scripts: npm rebuild --prefix bench better-sqlite3, with a C++ compiler.`,
  );
}

async function duel(lab: Lab, things: number): Promise<readonly ShapeTimes[]> {
  const size = things > JUDGED ? { queries: 16, rounds: 3 } : { queries: 64, rounds: 5 };
  const folder = await lab.folder('duel');
  const request = { things, ...size, root: lab.options.root, folder };
  const heap = '--max-old-space-size=8192';
  const child = lab.keep(
    new Child(process.execPath, [heap, lab.program('search-duel'), JSON.stringify(request)]),
  );
  for (;;) {
    const line = JSON.parse(await child.line()) as { tell?: string; result?: readonly ShapeTimes[] };
    if (line.tell !== undefined && things >= JUDGED) lab.tell(`${things.toLocaleString('en')}: ${line.tell}`);
    if (line.result === undefined) continue;
    await child.stop();
    return line.result;
  }
}

/** The figures of one size. */
function judge(things: number, times: readonly ShapeTimes[]): Figure[] {
  const count = things.toLocaleString('en');
  const atLeast = (ratio: number): { bar?: Bar } =>
    things === JUDGED ? { bar: { kind: 'at-least', ratio } } : {};
  const rate = (side: (shape: ShapeTimes) => Times): number =>
    1e6 / geometricMean(times.map((shape) => side(shape).p50));
  const rest = { bench: 'search', unit: '/s' };
  const mean = {
    ...rest,
    what: `${count} things, geometric mean of six shapes`,
    hub: rate(({ hub }) => hub),
  };
  const slowest = worst(times, ({ hub, sqlite }) => hub.p50 / sqlite.p50);
  const late = worst(times, ({ hub, written }) => Math.max(hub.p99, written.p99));
  const first = worst(times, ({ written, steady }) => written.p50 / steady.p50);
  return [
    { ...mean, beside: rate(({ scan }) => scan), yardstick: 'scan of LevelDB', ...atLeast(1000) },
    { ...mean, beside: rate(({ sqlite }) => sqlite), yardstick: 'SQLite, indexed columns', ...atLeast(5) },
    {
      ...rest,
      what: `${count} things, ${slowest.shape}, the shape nearest to SQLite`,
      hub: 1e6 / slowest.hub.p50,
      beside: 1e6 / slowest.sqlite.p50,
      yardstick: 'SQLite, indexed columns',
      ...(things <= JUDGED && { bar: { kind: 'at-least', ratio: 1 } }),
    },
    {
      bench: 'search',
      what: `${count} things, ${first.shape}, first search after a write`,
      hub: first.written.p50,
      beside: first.steady.p50,
      unit: 'us',
      yardstick: 'the same without a write',
      bar: { kind: 'at-most', ratio: 2 },
    },
    {
      bench: 'search',
      what: `${count} things, ${late.shape}, 99th percentile`,
      hub: Math.max(late.hub.p99, late.written.p99),
      beside: LATE,
      unit: 'us',
      yardstick: 'the limit',
      ...(things <= JUDGED && { bar: { kind: 'at-most', ratio: 1 } }),
    },
  ];
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function worst(times: readonly ShapeTimes[], of: (shape: ShapeTimes) => number): ShapeTimes {
  return times.reduce((least, shape) => (of(shape) > of(least) ? shape : least));
}

/** Every shape with all its sides, below the table. */
function tell(lab: Lab, things: number, times: readonly ShapeTimes[]): void {
  lab.note(`search, ${things.toLocaleString('en')} things, microseconds, p50 (p99):`);
  for (const { shape, hub, written, sqlite, scan, hits } of times) {
    const text = [`hub ${both(hub)}`, `after a write ${both(written)}`, `SQLite ${both(sqlite)}`];
    lab.note(`  ${shape}, ${SHAPES[shape]}, ${hits} hits: ${text.join(', ')}, scan ${scan.p50.toFixed(0)}.`);
  }
}

function both({ p50, p99 }: Times): string {
  const digits = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
  return `${digits(p50)} (${digits(p99)})`;
}
