import { KEY } from '../../domain/tag.js';
import type { Column, NumberColumn, TextColumn } from './column.js';
import { restoreNumbers, restoreTexts, saveNumbers, saveTexts } from './column-file.js';
import { ContentReader } from './content-reader.js';
import { ContentWriter } from './content-writer.js';
import { LATITUDE, LONGITUDE } from './geo-box.js';
import { shapeColumn, shapeLength } from './shape.js';
import { ThingTable } from './thing-table.js';

/** `HrTh` as a number of this machine, so that one with another order of bytes does not read it. */
const MAGIC = 0x68547248;
/** Grows with every change of what is written. */
const LAYOUT = 1;

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
  for (const texts of [rows.owners, rows.hubs, rows.shapes]) writer.texts(texts.list());
  const list = columns.list();
  writer.texts(list.map((column) => column?.name ?? ''));
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
  fillGrid(table);
  return table;
}

function readRows(reader: ContentReader, { rows }: ThingTable): void {
  const keys = reader.texts();
  const states = reader.bytes(keys.length);
  rows.addresses.adopt(keys, (row) => states[row] !== 0);
  const words = [reader.words(keys.length), reader.words(keys.length), reader.words(keys.length)];
  rows.adopt(states, words);
  const dictionaries = [rows.owners, rows.hubs, rows.shapes];
  dictionaries.forEach((texts, i) => {
    texts.adopt(reader.texts(), words[i] ?? new Uint32Array(0));
  });
}

function readColumns(reader: ContentReader, { columns, rows }: ThingTable): void {
  const names = reader.texts();
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

/** Every row has a value in exactly the columns of its shape. */
function checkShapes({ rows, columns }: ThingTable): void {
  const byText = new Map<string, readonly Column[]>();
  let tags = 0;
  for (let row = 0; row < rows.end; row++) {
    if (!rows.used(row)) continue;
    const shape = rows.shape(row);
    const known = byText.get(shape) ?? columnsOf(shape, (id) => columns.at(id));
    byText.set(shape, known);
    for (const column of known) {
      if (column.value(row) === undefined) throw new Error('a tag has no value');
    }
    tags += known.length;
  }
  for (const column of columns.list()) tags -= column?.count ?? 0;
  if (tags !== 0) throw new Error('there are values without a tag');
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

function fillGrid({ columns, grid }: ThingTable): void {
  const longitudes = columns.number(LONGITUDE);
  const latitudes = columns.number(LATITUDE);
  (latitudes?.few ?? latitudes?.many)?.forEach((row, latitude) => {
    const longitude = longitudes?.value(row);
    if (longitude !== undefined) grid.add(row, latitude, longitude);
  });
}

function typeOf(column: TextColumn | NumberColumn | undefined): number {
  if (column === undefined) return NONE;
  return column.type === 'string' ? TEXT : NUMBER;
}
