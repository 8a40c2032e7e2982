import { createHash } from 'node:crypto';
import { median } from '../figure.js';
import { Dice } from './dice.js';
import type { HubSide } from './hub-side.js';
import { claimedThing } from './lamp.js';
import { PAGE, queriesOf, type Shape, shapes } from './queries.js';
import type { ScanSide } from './scan-side.js';
import type { Query, Side } from './side.js';

/** How much is measured. */
export interface DuelSize {
  /** Things on each side. */
  readonly things: number;
  /** Different queries of each shape. */
  readonly queries: number;
  readonly rounds: number;
}

/** The three sides, filled with the same things. */
export interface Sides {
  readonly hub: HubSide;
  readonly sqlite: Side;
  readonly scan: ScanSide;
}

/** Microseconds of one search. */
export interface Times {
  readonly p50: number;
  readonly p99: number;
}

/** What was measured of a shape. */
export interface ShapeTimes {
  readonly shape: Shape;
  readonly hub: Times;
  readonly sqlite: Times;
  readonly scan: Times;
  /** Of the hub, with one thing updated before each search, and without, in turn. */
  readonly written: Times;
  readonly steady: Times;
  /** Hits of all pages, the median over the queries. */
  readonly hits: number;
}

interface Prepared {
  readonly shape: Shape;
  readonly queries: readonly Query[];
  /** Hashes over the sorted JIDs of all pages of each query. */
  readonly hashes: readonly string[];
  readonly hits: number;
}

/** A limit that SQLite and the index take for none. */
const NO_LIMIT = 1_000_000_000;

/**
 * Runs every query on all sides, in turn, round after round. Throws where they do not find the same things, before the
 * measurement or, on the hub's side, after its updates.
 */
export async function duel(
  sides: Sides,
  size: DuelSize,
  tell: (text: string) => void,
): Promise<ShapeTimes[]> {
  tell('comparing the hits');
  const prepared = await prepare(sides.scan, size);
  for (const shape of prepared) {
    await compare(sides.hub, shape);
    await compare(sides.sqlite, shape);
  }
  const pairs = prepared.map((shape) => ({ shape, samples: new Samples() }));
  for (let round = 0; round < size.rounds; round++) {
    tell(`round ${round + 1} of ${size.rounds}`);
    for (const { shape, samples } of pairs) await measure(sides, shape, samples, round);
  }
  tell('searching after writes');
  for (let round = 0; round < size.rounds; round++) {
    for (const { shape, samples } of pairs) afterWrites(sides.hub, shape, samples, size.things);
  }
  for (const shape of prepared) await compare(sides.hub, shape);
  return pairs.map(({ shape: { shape, hits }, samples }) => ({ shape, hits, ...samples.times() }));
}

/** Asks the scan what each query should find: it has no index that could be wrong. */
async function prepare(scan: ScanSide, size: DuelSize): Promise<Prepared[]> {
  const asked = shapes.map((shape) => queriesOf(shape, size.things, size.queries));
  const found = await scan.findAll(asked.flat());
  return shapes.map((shape, at) => {
    const own = found.slice(at * size.queries, (at + 1) * size.queries);
    const queries = (asked[at] ?? []).map((operators, i) => {
      const offset = shape === 'q5' ? Math.floor((own[i]?.length ?? 0) / 2) : 0;
      return { operators, offset, maxCount: PAGE };
    });
    return { shape, queries, hashes: own.map(hashOf), hits: median(own.map((jids) => jids.length)) };
  });
}

async function compare(side: Side, { shape, queries, hashes }: Prepared): Promise<void> {
  for (const [i, { operators }] of queries.entries()) {
    const rows = await side.find({ operators, offset: 0, maxCount: NO_LIMIT });
    if (hashOf(rows.map(({ jid }) => jid)) === hashes[i]) continue;
    throw new Error(`${side.name} finds other things than a scan for ${shape}: ${JSON.stringify(operators)}`);
  }
}

function hashOf(jids: readonly string[]): string {
  return createHash('sha256')
    .update([...jids].sort().join(' '))
    .digest('hex');
}

/** One round of one shape; who begins changes from round to round. */
async function measure(sides: Sides, { queries }: Prepared, samples: Samples, round: number): Promise<void> {
  const fast = [
    () => timeAll(sides.hub, queries, samples.hub),
    () => timeAll(sides.sqlite, queries, samples.sqlite),
  ];
  if (round % 2 === 1) fast.reverse();
  for (const side of fast) side();
  const query = queries[round % queries.length];
  if (query === undefined) return;
  const begin = performance.now();
  const rows = await sides.scan.find(query);
  samples.scan.add([performance.now() - begin]);
  const ours = (await sides.hub.find(query)).length;
  if (rows.length !== ours) throw new Error(`A page has ${ours} things here and ${rows.length} by a scan.`);
}

function timeAll(side: Side, queries: readonly Query[], into: Series): void {
  const times = queries.map((query) => {
    const begin = performance.now();
    side.find(query);
    return performance.now() - begin;
  });
  into.add(times);
}

/** Each query once after a write of a thing, once without; the things are as before at the end. */
function afterWrites(hub: HubSide, { queries }: Prepared, samples: Samples, things: number): void {
  const dice = new Dice(things);
  const chosen = queries.map(() => dice.below(things));
  const timed = (query: Query): number => {
    const begin = performance.now();
    hub.find(query);
    return performance.now() - begin;
  };
  samples.steady.add(queries.map(timed));
  for (const edition of [1, 0]) {
    const times = queries.map((query, i) => {
      const number = chosen[i] ?? 0;
      hub.put(number, claimedThing(number, edition));
      return timed(query);
    });
    samples.written.add(times);
  }
}

/** Times of one side, in milliseconds, by round. */
class Series {
  private readonly rounds: (readonly number[])[] = [];

  add(times: readonly number[]): void {
    this.rounds.push(times);
  }

  /** In microseconds: the median over the rounds' medians, and the 99th percentile of all. */
  get times(): Times {
    const all = this.rounds.flat().sort((a, b) => a - b);
    const p99 = all[Math.min(all.length - 1, Math.floor(all.length * 0.99))] ?? Number.NaN;
    return { p50: median(this.rounds.map(median)) * 1000, p99: p99 * 1000 };
  }
}

class Samples {
  readonly hub = new Series();
  readonly sqlite = new Series();
  readonly scan = new Series();
  readonly written = new Series();
  readonly steady = new Series();

  times() {
    const { hub, sqlite, scan, written, steady } = this;
    return {
      hub: hub.times,
      sqlite: sqlite.times,
      scan: scan.times,
      written: written.times,
      steady: steady.times,
    };
  }
}
