/**
 * A kind of record: where its keys lie and how they are made. Keys are compared as their UTF-8 bytes. All tables
 * stand in `keys.ts`.
 */
export interface Table<Key, Value> {
  readonly name: string;
  /** The key space: one letter and `!`. No table's prefix is the prefix of another's. */
  readonly prefix: string;
  /** The key without the prefix. */
  encode(key: Key): string;
  decode(text: string): Key;
  /** Reads the JSON that is the rest of a text, where something is faster than JSON.parse. */
  read?(text: string, from: number): Value;
  /** Marks the record's type; never there at run time. */
  readonly value?: Value;
}

/** The prefix of the table that a key belongs to: one letter and `!`. */
export function tablePrefix(key: string): string {
  return key.slice(0, 2);
}

/** Joins parts into one key such that ranges never overlap: a part may hold any character, U+0000 too. */
export function joinKey(parts: readonly string[]): string {
  return parts.map(escapePart).join('\u0000');
}

/** Splits what `joinKey` joined. */
export function splitKey(text: string): string[] {
  const parts = text.split('\u0000');
  // Hardly any key holds an escaped character, and a start splits all of them.
  if (!text.includes('\u0001')) return parts;
  return parts.map((part) => part.replaceAll('\u0001\u0001', '\u0000').replaceAll('\u0001\u0002', '\u0001'));
}

function escapePart(part: string): string {
  if (!part.includes('\u0000') && !part.includes('\u0001')) return part;
  return part.replaceAll('\u0001', '\u0001\u0002').replaceAll('\u0000', '\u0001\u0001');
}
