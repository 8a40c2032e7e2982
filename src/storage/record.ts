import { crc32 } from 'node:zlib';

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
  return checksum(key, json) + json;
}

/** The value of a record. Throws a RecordError if its checksum is wrong. */
export function decodeRecord<V>(key: string, raw: string): V {
  verifyRecord(key, raw);
  return recordValue(raw);
}

/** The value of a record whose checksum was found right. */
export function recordValue<V>(raw: string): V {
  return JSON.parse(raw.slice(SUM_DIGITS)) as V;
}

/** Throws a RecordError if the record's checksum is wrong. */
export function verifyRecord(key: string, raw: string): void {
  if (raw.slice(0, SUM_DIGITS) !== checksum(key, raw.slice(SUM_DIGITS))) throw new RecordError(key);
}

/** The record's checksum as a number of 32 bits. */
export function recordSum(raw: string): number {
  return Number.parseInt(raw.slice(0, SUM_DIGITS), 16);
}

function checksum(key: string, json: string): string {
  return crc32(json, crc32(key)).toString(16).padStart(SUM_DIGITS, '0');
}
