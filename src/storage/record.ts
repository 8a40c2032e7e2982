import { crc32 } from 'node:zlib';
import type { Table } from './table.js';

const SUM_DIGITS = 8;

/** A record's bytes are not those that were written. Names the key; the value is worth nothing. */
export class RecordError extends Error {
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(`The record ${JSON.stringify(key)} is damaged: its checksum is wrong.`, options);
    this.name = 'RecordError';
    this.key = key;
  }
}

/**
 * A value as it lies in the database: 8 hex digits of CRC-32, then JSON. The checksum covers the key too, so that a
 * value under another key counts as damaged. Throws a TypeError for what JSON cannot say.
 */
export function encodeRecord(key: string, value: unknown): string {
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`The record ${JSON.stringify(key)} has no value.`);
  return checksum(key, json).toString(16).padStart(SUM_DIGITS, '0') + json;
}

/** The value of a record. Throws a RecordError if its checksum is wrong. */
export function decodeRecord<V>(key: string, raw: string): V {
  verifyRecord(key, raw);
  return recordValue(raw);
}

/** The value of a record whose checksum was found right; `read` reads the JSON at the end of a text. */
export function recordValue<V>(raw: string, read: Table<unknown, V>['read'] = parse): V {
  return read(raw, SUM_DIGITS);
}

/** Throws a RecordError if the record's checksum is wrong. */
export function verifyRecord(key: string, raw: string): void {
  verifySum(key, raw, recordSum(raw));
}

/** The same where the checksum that stands before the record was read already. */
export function verifySum(key: string, raw: string, sum: number): void {
  if (sum !== checksum(key, raw.slice(SUM_DIGITS))) throw new RecordError(key);
}

/** The checksum that stands before the record, as a number of 32 bits; NaN where none stands there. */
export function recordSum(raw: string): number {
  let sum = 0;
  // By hand: a start reads as many of them as there are records.
  for (let i = 0; i < SUM_DIGITS; i++) {
    const code = raw.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) sum = sum * 16 + code - 0x30;
    else if (code >= 0x61 && code <= 0x66) sum = sum * 16 + code - 0x57;
    else return Number.NaN;
  }
  return sum;
}

function parse<V>(text: string, from: number): V {
  return JSON.parse(text.slice(from)) as V;
}

function checksum(key: string, json: string): number {
  // The checksum of both in one go: a call costs more than joining them.
  return crc32(key + json);
}
