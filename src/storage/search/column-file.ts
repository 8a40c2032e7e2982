import { FEW, type NumberColumn, type TextColumn } from './column.js';
import type { ContentReader } from './content-reader.js';
import type { ContentWriter } from './content-writer.js';
import type { Numbers, Words } from './growing.js';
import { NumberCells } from './number-cells.js';
import { packTexts, unpackTexts } from './packed-texts.js';
import type { RowPool } from './row-pool.js';
import { TextCells } from './text-cells.js';

/** Stands instead of the number of pairs where there is one value per row. */
const SPREAD = 0xffffffff;

/** Writes the values of a string tag; `end` is behind the last row. */
export function saveTexts(writer: ContentWriter, { few, many }: TextColumn, end: number): void {
  if (many !== undefined) {
    saveSheet(writer, many.ids, end);
    writer.texts(many.values.save());
    return;
  }
  const rows: number[] = [];
  const values = [''];
  few?.forEach((row, value) => {
    rows.push(row);
    values.push(value);
  });
  writer.word(rows.length);
  writer.array(Uint32Array.from(rows));
  writer.array(Uint32Array.from(rows, (_, at) => at + 1));
  writer.texts(packTexts(values));
}

/** Writes the values of a numeric tag. */
export function saveNumbers(writer: ContentWriter, { few, many }: NumberColumn, end: number): void {
  if (many !== undefined) {
    saveSheet(writer, many.numbers, end);
    return;
  }
  const rows: number[] = [];
  const values: number[] = [];
  few?.forEach((row, value) => {
    rows.push(row);
    values.push(value);
  });
  writer.word(rows.length);
  writer.array(Uint32Array.from(rows));
  writer.array(Float64Array.from(values));
}

/** Fills an empty column with what `saveTexts` wrote. Throws where that is malformed. */
export function restoreTexts(reader: ContentReader, column: TextColumn, end: number, pool: RowPool): void {
  const count = reader.word();
  const rows = count === SPREAD ? undefined : reader.words(count);
  const ids = reader.words(rows === undefined ? end : count);
  const packed = reader.texts();
  if (rows !== undefined && count <= FEW) {
    checkRows(rows, end);
    const texts = unpackTexts(packed);
    for (let at = 0; at < count; at++) column.set(rows[at] ?? 0, textOf(texts, ids[at]));
    return;
  }
  const cells = new TextCells(pool);
  fillSheet(cells.ids, rows, ids, end);
  cells.adopt(packed);
  column.fill(cells);
}

/** Fills an empty column with what `saveNumbers` wrote. Throws where that is malformed. */
export function restoreNumbers(
  reader: ContentReader,
  column: NumberColumn,
  end: number,
  pool: RowPool,
): void {
  const count = reader.word();
  const rows = count === SPREAD ? undefined : reader.words(count);
  const numbers = reader.numbers(rows === undefined ? end : count);
  for (const value of numbers) {
    if (!Number.isFinite(value) && (rows !== undefined || !Number.isNaN(value)))
      throw new Error('a number is none');
  }
  if (rows !== undefined && count <= FEW) {
    checkRows(rows, end);
    for (let at = 0; at < count; at++) column.set(rows[at] ?? 0, numbers[at] ?? 0);
    return;
  }
  const cells = new NumberCells(pool);
  fillSheet(cells.numbers, rows, numbers, end);
  cells.list();
  column.fill(cells);
}

interface AnySheet<A extends Words | Numbers> {
  readonly rows: Words | undefined;
  readonly values: A;
  readonly count: number;
  spreadTo(end: number): A;
  adopt(rows: Words | undefined, values: A): void;
}

function saveSheet<A extends Words | Numbers>(writer: ContentWriter, sheet: AnySheet<A>, end: number): void {
  if (sheet.rows === undefined) {
    writer.word(SPREAD);
    writer.array(sheet.spreadTo(end));
    return;
  }
  writer.word(sheet.count);
  writer.array(sheet.rows.subarray(0, sheet.count));
  writer.array(sheet.values.subarray(0, sheet.count));
}

function fillSheet<A extends Words | Numbers>(
  sheet: AnySheet<A>,
  rows: Words | undefined,
  values: A,
  end: number,
): void {
  if (rows !== undefined) checkRows(rows, end);
  sheet.adopt(rows, values);
}

function checkRows(rows: Words, end: number): void {
  let before = -1;
  for (const row of rows) {
    if (row <= before || row >= end) throw new Error('rows are out of order');
    before = row;
  }
}

function textOf(texts: readonly string[], id: number | undefined): string {
  const text = id === undefined || id === 0 ? undefined : texts[id];
  if (text === undefined) throw new Error('a text is missing');
  return text;
}
