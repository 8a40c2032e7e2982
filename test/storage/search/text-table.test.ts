import { describe, expect, it } from 'vitest';
import { headOf } from '../../../src/storage/search/head.js';
import { packTexts, unpackTexts } from '../../../src/storage/search/packed-texts.js';
import { TextTable } from '../../../src/storage/search/text-table.js';
import { randomOf } from './random.js';

const ALPHABET = ['a', 'b', '\u0000', 'ÿ', 'Ā', '\u{1f4a1}', '\ud800', ' '];

function randomText(random: () => number): string {
  const length = Math.floor(random() * 6);
  return Array.from({ length }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('');
}

function expectSame(table: TextTable, model: ReadonlyMap<string, number>): void {
  expect(table.size).toBe(model.size);
  for (const [text, id] of model) {
    expect([table.find(text), table.text(id), table.kept(id), table.head(id)]).toEqual([
      id,
      text,
      text,
      headOf(text),
    ]);
  }
}

/** A copy by way of the bytes that go into a file. */
function copyOf(table: TextTable, model: ReadonlyMap<string, number>): TextTable {
  const used = new Set(model.values());
  const copy = new TextTable();
  copy.adopt(table.save(), (id) => used.has(id));
  return copy;
}

describe('texts in one array of bytes', () => {
  it.each([
    ['short ones of any characters', (random: () => number) => randomText(random), 3000],
    ['many more', (random: () => number) => `text ${Math.floor(random() * 20_000)} of many`, 60_000],
  ])('are found and forgotten as in a map: %s', (_, next, steps) => {
    const random = randomOf(41);
    let table = new TextTable();
    const model = new Map<string, number>();
    for (let step = 0; step < steps; step++) {
      const text = next(random);
      const known = model.get(text);
      // The table fills at first, then empties.
      if (random() < (step < steps / 2 ? 0.8 : 0.2)) {
        const id = table.intern(text);
        expect(id).toBe(known ?? id);
        model.set(text, id);
      } else {
        expect(table.find(text)).toBe(known ?? 0);
        table.drop(known ?? 0);
        model.delete(text);
        expect(table.text(known ?? 0)).toBeUndefined();
      }
      if (step % (steps / 4) === 7) {
        expectSame(table, model);
        table = copyOf(table, model);
      }
    }
    expectSame(table, model);
    expect(new Set(model.values()).size).toBe(model.size);
  });

  it('give the room of dropped texts back', () => {
    const table = new TextTable();
    for (let i = 0; i < 20_000; i++) table.drop(table.intern(`a text of some length ${i}`));
    const id = table.intern('the last one');
    expect([table.end, table.size, table.text(id)]).toEqual([2, 1, 'the last one']);
    expect(table.save().bytes.length).toBe('the last one'.length);
  });

  it('are refused where one comes twice, or takes two bytes for units of one', () => {
    const twice = packTexts(['', 'a', 'b', 'a']);
    expect(() => new TextTable().adopt(twice, () => true)).toThrow('a value comes twice');
    const wide = { sizes: Uint32Array.of(0, 3), bytes: Uint8Array.of(97, 0) };
    expect(() => new TextTable().adopt(wide, () => true)).toThrow('a text is wider than it is');
  });

  it('come back from their packed form', () => {
    const texts = ['', 'Lamp', 'köping', '\u{1f4a1} \ud800', '\u0000', ''];
    expect(unpackTexts(packTexts(texts))).toEqual(texts);
  });
});
