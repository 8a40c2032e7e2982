import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SearchOperator } from '../../src/domain/search.js';
import type { Tag } from '../../src/domain/tag.js';
import { isPublic, jidOf, NUMBER_TAGS, ownerOf, TAG_NAMES, tagsOf } from './lamp.js';
import type { Query, Row, Side } from './side.js';

type Value = string | number;
type Columns = Readonly<Record<string, Value>>;

/** The part of better-sqlite3 that is used here. It is installed apart from the project, so its types may be absent. */
interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): {
    all(...values: readonly Value[]): Columns[];
    run(...values: readonly Value[]): unknown;
  };
  close(): unknown;
}

/** SQLite with a column and an index for each tag, and an R*Tree for latitude and longitude. */
export class SqliteSide implements Side {
  readonly name = 'SQLite';
  private readonly database: Database;
  private readonly statements = new Map<string, ReturnType<Database['prepare']>>();

  /** `root` is the project's folder. Throws where better-sqlite3 is not built. */
  constructor(root: string, file: string) {
    const Sqlite = createRequire(join(root, 'bench/package.json'))('better-sqlite3') as new (
      file: string,
    ) => Database;
    this.database = new Sqlite(file);
    // All that it reads fits into its cache.
    this.database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144');
    this.database.exec('PRAGMA mmap_size = 2147418112');
  }

  async fill(count: number): Promise<void> {
    const columns = TAG_NAMES.map((name) => `${name} ${NUMBER_TAGS.has(name) ? 'REAL' : 'TEXT'}`);
    this.database.exec(
      `CREATE TABLE things (id INTEGER PRIMARY KEY, jid TEXT UNIQUE, owner TEXT, public INTEGER, ${columns.join(', ')});
       CREATE VIRTUAL TABLE places USING rtree (id, lat0, lat1, lon0, lon1)`,
    );
    const marks = Array.from({ length: 4 + TAG_NAMES.length }, () => '?').join(', ');
    const insert = this.database.prepare(`INSERT INTO things VALUES (${marks})`);
    const place = this.database.prepare('INSERT INTO places VALUES (?, ?, ?, ?, ?)');
    this.database.exec('BEGIN');
    for (let i = 0; i < count; i++) {
      const tags = new Map(tagsOf(i).map(({ name, value }) => [name, value]));
      const values = TAG_NAMES.map((name) => tags.get(name) ?? '');
      insert.run(i, jidOf(i), ownerOf(i), isPublic(i) ? 1 : 0, ...values);
      const [lat, lon] = [Number(tags.get('LAT')), Number(tags.get('LON'))];
      place.run(i, lat, lat, lon, lon);
    }
    this.database.exec('COMMIT');
    for (const name of TAG_NAMES) this.database.exec(`CREATE INDEX by_${name} ON things (${name})`);
    this.database.exec('ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)');
  }

  find({ operators, offset, maxCount }: Query): readonly Row[] {
    const conditions: string[] = [];
    const values: Value[] = [];
    for (const operator of operators) {
      const condition = conditionOf(operator);
      conditions.push(condition.sql);
      values.push(...condition.values);
    }
    const near = operators.some((operator) => 'range' in operator);
    const from = near ? 'places JOIN things USING (id)' : 'things';
    const where = ['public = 1', ...conditions].join(' AND ');
    const sql = `SELECT things.* FROM ${from} WHERE ${where} LIMIT ? OFFSET ?`;
    return this.prepared(sql)
      .all(...values, maxCount, offset)
      .map(rowOf);
  }

  async close(): Promise<void> {
    this.database.close();
  }

  private prepared(sql: string): ReturnType<Database['prepare']> {
    const known = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, known);
    return known;
  }
}

function rowOf(columns: Columns): Row {
  const tags: Tag[] = TAG_NAMES.map((name) => ({ name, value: columns[name] ?? '' }));
  return { jid: String(columns.jid), owner: String(columns.owner), tags };
}

/** An operator as SQL that SQLite answers from an index where it can. */
function conditionOf(operator: SearchOperator): { readonly sql: string; readonly values: readonly Value[] } {
  const { name } = operator;
  switch (operator.kind) {
    case 'strEq':
      return { sql: `${name} = ?`, values: [operator.value] };
    case 'strNEq':
      return { sql: `${name} <> ?`, values: [operator.value] };
    case 'strMask': {
      const { mask } = operator;
      if (mask.startsWith('*')) return { sql: `instr(${name}, ?) > 0`, values: [mask.slice(1, -1)] };
      const begin = mask.slice(0, -1);
      const last = begin.charCodeAt(begin.length - 1);
      const after = begin.slice(0, -1) + String.fromCharCode(last + 1);
      return { sql: `${name} >= ? AND ${name} < ?`, values: [begin, after] };
    }
    case 'numGtEq':
      return { sql: `${name} >= ?`, values: [operator.value] };
    case 'numLt':
      return { sql: `${name} < ?`, values: [operator.value] };
    case 'numRange': {
      const { min, max } = operator.range;
      // The tree knows 32 bits of a number: it finds candidates, the column decides.
      const low = name.toLowerCase();
      const sql = `${low}1 >= ? AND ${low}0 <= ? AND ${name} >= ? AND ${name} <= ?`;
      return { sql, values: [min, max, min, max] };
    }
    default:
      throw new Error(`No query of the bench has ${operator.kind}.`);
  }
}
