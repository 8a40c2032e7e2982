import { KEY } from '../../domain/tag.js';
import type { Column, NumberColumn, TextColumn } from './column.js';
import { restoreNumbers, restoreTexts, saveNumbers, saveTexts } from './column-file.js';
import type { Columns } from './columns.js';
import { ContentReader } from './content-reader.js';
import { ContentWriter } from './content-writer.js';
import { packTexts, unpackTexts } from './packed-texts.js';
import { shapeColumn, shapeLength } from './shape.js';
import type { ThingRows } from './thing-rows.js';
import { ThingTable } from './thing-table.js';

/** `HrTh` as a number of this machine, so that one with another order of bytes does not read it. */
const MAGIC = 0x68547248;
/** Grows with every change of what is written. */
const LAYOUT = 2;

const NONE = 0;
const TEXT = 1;
const NUMBER = 2;

/** The whole table as bytes: its columns as they lie in memory. */
export function saveTable({ rows, columns }: ThingTable): readonly Uint8Array[] {
  const writer = new ContentWriter();
  writer.array(Uint32Array.of(MAGIC, LAYOUT));
  writer.texts(rows.addresses.save());
  const { states, words } = rows.save();
  writer.array(states);
  for (const ids of words) writer.array(ids);
  for (const texts of [rows.owners, rows.hubs, rows.shapes]) writer.texts(texts.save());
  const list = columns.list();
  writer.texts(packTexts(list.map((column) => column?.name ?? '')));
  writer.array(Uint8Array.from(list, typeOf));
  for (const column of list) {
    if (column?.type === 'string') saveTexts(writer, column, rows.end);
    else if (column !== undefined) saveNumbers(writer, column, rows.end);
  }
  return writer.finish();
}

/** The table that `saveTable` wrote. Throws on anything else, and on another layout. */
export function restoreTable(content: Uint8Array): ThingTable {
  try {
    return read(new ContentReader(content));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The columns of the things cannot be read: ${reason}.`, { cause });
  }
}

function read(reader: ContentReader): ThingTable {
  if (reader.word() !== MAGIC) throw new Error('this is something else');
  const layout = reader.word();
  if (layout !== LAYOUT) throw new Error(`their layout is ${layout}, not ${LAYOUT}`);
  const table = new ThingTable();
  readRows(reader, table);
  readColumns(reader, table);
  reader.finish();
  checkShapes(table);
  table.fillGrid();
  return table;
}

function readRows(reader: ContentReader, { rows }: ThingTable): void {
  const keys = reader.texts();
  const end = Math.max(keys.sizes.length - 1, 0);
  const states = reader.bytes(end);
  rows.addresses.adopt(keys, (row) => states[row] !== 0);
  const words = [reader.words(end), reader.words(end), reader.words(end)];
  rows.adopt(states, words);
  const dictionaries = [rows.owners, rows.hubs, rows.shapes];
  dictionaries.forEach((texts, i) => {
    texts.adopt(reader.texts(), words[i] ?? new Uint32Array(0));
  });
}

function readColumns(reader: ContentReader, { columns, rows }: ThingTable): void {
  const names = unpackTexts(reader.texts());
  const types = reader.bytes(names.length);
  for (let id = 0; id < names.length; id++) {
    const name = names[id] ?? '';
    const type = types[id];
    if (type === NONE) continue;
    if (name === KEY) throw new Error('there is a column that must not be');
    if (type !== TEXT && type !== NUMBER) throw new Error('a column has no type');
    if ((type === TEXT ? columns.text(name) : columns.number(name)) !== undefined)
      throw new Error('a column comes twice');
    const column = columns.adopt(id, name, type === TEXT ? 'string' : 'number');
    if (column.type === 'string') restoreTexts(reader, column, rows.end, columns.pool);
    else restoreNumbers(reader, column, rows.end, columns.pool);
  }
}

/** Every row has a value in exactly the columns of its shape: each value is in one of them, and there are as many. */
function checkShapes({ rows, columns }: ThingTable): void {
  const shapes = shapesOf(rows, columns);
  const byColumn = new Map<Column, number[]>();
  shapes.forEach((known, shape) => {
    for (const column of known) {
      const having = byColumn.get(column);
      if (having === undefined) byColumn.set(column, [shape]);
      else having.push(shape);
    }
  });
  let missing = 0;
  for (let row = 0; row < rows.end; row++) missing += shapes[rows.shapeId(row)]?.length ?? 0;
  // By shape, the last column that was looked at and is one of it.
  const marks = new Uint32Array(shapes.length);
  let mark = 0;
  for (const column of columns.list()) {
    if (column === undefined) continue;
    mark++;
    for (const shape of byColumn.get(column) ?? []) marks[shape] = mark;
    column.forEachRow((row) => {
      if (marks[rows.shapeId(row)] !== mark) throw new Error('there are values without a tag');
    });
    missing -= column.count;
  }
  if (missing !== 0) throw new Error('a tag has no value');
}

/** The columns of each shape, by its number. */
function shapesOf({ shapes }: ThingRows, columns: Columns): readonly (readonly Column[])[] {
  return Array.from({ length: shapes.end }, (_, id) => {
    const shape = shapes.text(id);
    return shape === undefined ? [] : columnsOf(shape, (column) => columns.at(column));
  });
}

function columnsOf(shape: string, at: (id: number) => Column | undefined): readonly Column[] {
  const columns = new Set<Column>();
  for (let place = 0; place < shapeLength(shape); place++) {
    const column = at(shapeColumn(shape, place));
    if (column === undefined) throw new Error('a column is missing');
    columns.add(column);
  }
  if (columns.size * 2 !== shape.length) throw new Error('a tag comes twice');
  return [...columns];
}

function typeOf(column: TextColumn | NumberColumn | undefined): number {
  if (column === undefined) return NONE;
  return column.type === 'string' ? TEXT : NUMBER;
}
