import { describe, expect, it } from 'vitest';
import { RowLists } from '../../../src/storage/search/row-lists.js';
import { RowPool } from '../../../src/storage/search/row-pool.js';
import { numberSheet, wordSheet } from '../../../src/storage/search/sheet.js';
import { randomOf } from './random.js';

function rowsOf(lists: RowLists, id: number): number[] {
  const { rows, start, end } = lists.list(id);
  return [...rows.subarray(start, end)];
}

const ascending = (rows: Iterable<number>) => [...rows].sort((a, b) => a - b);

describe('lists of rows', () => {
  it('hold what a set holds, in order, at every length', () => {
    const random = randomOf(21);
    const lists = new RowLists(new RowPool());
    const model = Array.from({ length: 5 }, () => new Set<number>());
    for (let step = 0; step < 20_000; step++) {
      const id = Math.floor(random() * 5);
      const set = model[id] ?? new Set();
      const row = Math.floor(random() * 40 * 3 ** id);
      // Lists grow at first, then shrink.
      const add = random() < (step < 10_000 ? 0.7 : 0.3);
      if (add && !set.has(row)) lists.add(id, row);
      if (add) set.add(row);
      else if (set.delete(row)) lists.remove(id, row);
      if (step % 50 === 0) expect(rowsOf(lists, id)).toEqual(ascending(set));
    }
    model.forEach((set, id) => {
      expect([lists.count(id), rowsOf(lists, id)]).toEqual([set.size, ascending(set)]);
    });
    expect([lists.count(99), rowsOf(lists, 99)]).toEqual([0, []]);
  });

  it.each([
    ['one for each row', undefined],
    ['with rows left out', (at: number) => 3 * at + 1],
  ])('filled at once are those that grew: %s', (_, rowOf) => {
    const random = randomOf(23);
    // Few rows for the greatest numbers, hundreds for the least; 0 is none.
    const ids = Uint32Array.from({ length: 3000 }, () => Math.floor(150 * random() ** 3));
    const rows = rowOf === undefined ? undefined : ids.map((_, at) => rowOf(at));
    const [grown, filled] = [new RowLists(new RowPool()), new RowLists(new RowPool())];
    ids.forEach((id, at) => {
      if (id > 0) grown.add(id, rows?.[at] ?? at);
    });
    filled.fill(150, ids, rows);
    for (let id = 0; id < 150; id++) expect(rowsOf(filled, id)).toEqual(rowsOf(grown, id));
    for (const lists of [grown, filled]) {
      for (let id = 1; id < 150; id++) lists.add(id, 100_000 + id);
      for (let at = 0; at < 2000; at++) if ((ids[at] ?? 0) > 0) lists.remove(ids[at] ?? 0, rows?.[at] ?? at);
    }
    for (let id = 0; id < 150; id++) expect(rowsOf(filled, id)).toEqual(rowsOf(grown, id));
  });

  it('give their room back, one by one and all at once', () => {
    const pool = new RowPool();
    let room = 0;
    for (let round = 0; round < 50; round++) {
      const lists = new RowLists(pool);
      for (let row = 0; row < 100; row++)
        for (let id = 0; id < 20; id++) if (row < 5 * id) lists.add(id, row);
      if (round % 2 === 0) lists.release();
      else
        for (let row = 99; row >= 0; row--)
          for (let id = 0; id < 20; id++) if (row < 5 * id) lists.remove(id, row);
      if (round === 1) room = pool.words.length;
    }
    expect(pool.words.length).toBe(room);
  });
});

describe('sheets', () => {
  it.each([
    ['words', wordSheet, 0],
    ['numbers', numberSheet, Number.NaN],
  ])('of %s hold what a map holds, whether rows with a value are few or many', (_, make, absent) => {
    const random = randomOf(22);
    const sheet = make();
    const model = new Map<number, number>();
    const modes = new Set<boolean>();
    for (let step = 0; step < 12_000; step++) {
      const row = Math.floor(random() * 3000);
      const [fill, empty] = [step % 6000 < 2500, step % 6000 > 3000];
      if (fill || random() < 0.1) {
        const value = 1 + Math.floor(random() * 9);
        sheet.set(row, value);
        model.set(row, value);
      } else if (empty) {
        const [first] = model.keys();
        const gone = first ?? row;
        sheet.delete(gone);
        model.delete(gone);
      }
      modes.add(sheet.rows === undefined);
      expect(sheet.get(row)).toBe(model.get(row) ?? absent);
      expect(sheet.reader()(row)).toBe(model.get(row) ?? absent);
      expect(sheet.count).toBe(model.size);
    }
    const all: [number, number][] = [];
    sheet.forEach((row, value) => {
      all.push([row, value]);
    });
    expect(all).toEqual([...model].sort(([a], [b]) => a - b));
    expect(modes.size).toBe(2);
  });
});
