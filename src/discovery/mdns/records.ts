import type { WireRecord } from './codec.js';
import { rdataOf } from './codec.js';
import { foldName } from './names.js';

/** Seconds that records naming a host live: SRV, A, AAAA. RFC 6762 §10 */
export const HOST_TTL = 120;
/** Seconds that all other records live. RFC 6762 §10 */
export const OTHER_TTL = 4500;

/** Where a service is reached. */
export interface ServiceTarget {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** What a record says, by type; `OTHER` stands for types that the hub does not use itself. */
export type RecordData =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'PTR'; readonly target: string }
  | { readonly type: 'SRV'; readonly service: ServiceTarget }
  | { readonly type: 'TXT'; readonly strings: readonly Buffer[] }
  | { readonly type: 'NSEC'; readonly types: readonly string[] }
  | { readonly type: 'OTHER' };

/** One resource record of class IN. */
export interface ResourceRecord {
  readonly name: string;
  /** The type's name on the wire: `A`, `HINFO`, … */
  readonly kind: string;
  /** Seconds; 0 takes the record back. */
  readonly ttl: number;
  /** The cache-flush bit: the name has one owner. RFC 6762 §10.2 */
  readonly flush: boolean;
  readonly data: RecordData;
  /** The data as bytes, names uncompressed. */
  readonly rdata: Buffer;
  /** The data in the codec's shape. */
  readonly wire: unknown;
}

/** What makes a record the same record: name, type and data. */
export function identityOf(record: ResourceRecord): string {
  return `${foldName(record.name)} ${record.kind} ${record.rdata.toString('latin1')}`;
}

/** The records by what makes them the same. */
export function byIdentity(records: readonly ResourceRecord[]): Map<string, ResourceRecord> {
  return new Map(records.map((record) => [identityOf(record), record]));
}

/** The record with another life time. */
export function withTtl(record: ResourceRecord, ttl: number): ResourceRecord {
  return { ...record, ttl };
}

function make(
  head: { name: string; ttl: number; flush: boolean },
  data: RecordData,
  wire: unknown,
): ResourceRecord {
  return { ...head, kind: data.type, data, wire, rdata: rdataOf(data.type, wire) };
}

/** An A or AAAA record; the family follows from the address. */
export function addressRecord(name: string, address: string): ResourceRecord {
  const type = address.includes(':') ? 'AAAA' : 'A';
  return make({ name, ttl: HOST_TTL, flush: true }, { type, address }, address);
}

/** A PTR record, shared by all who offer the type. */
export function pointerRecord(name: string, target: string): ResourceRecord {
  return make({ name, ttl: OTHER_TTL, flush: false }, { type: 'PTR', target }, target);
}

/** An SRV record. */
export function serviceRecord(name: string, target: string, port: number): ResourceRecord {
  const service = { priority: 0, weight: 0, port, target };
  return make({ name, ttl: HOST_TTL, flush: true }, { type: 'SRV', service }, service);
}

/**
 * A TXT record of `key=value` pairs in the order given; a single empty string if there is none.
 * Throws a RangeError if a pair is longer than 255 bytes. RFC 6763 §6
 */
export function textRecord(name: string, pairs: readonly (readonly [string, string])[]): ResourceRecord {
  const strings = pairs.map(([key, value]) => Buffer.from(`${key}=${value}`, 'utf8'));
  for (const text of strings) {
    if (text.length > 255) throw new RangeError(`a TXT string of ${text.length} bytes is too long`);
  }
  const data = strings.length > 0 ? strings : [Buffer.alloc(0)];
  return make({ name, ttl: OTHER_TTL, flush: true }, { type: 'TXT', strings: data }, data);
}

/** Says which types a name has, and so that it has no others. RFC 6762 §6.1 */
export function absenceRecord(name: string, types: readonly string[]): ResourceRecord {
  const wire = { nextDomain: name, rrtypes: [...types] };
  return make({ name, ttl: HOST_TTL, flush: true }, { type: 'NSEC', types }, wire);
}

/** The record in the codec's shape. */
export function toWire(record: ResourceRecord, flush = record.flush): WireRecord {
  return { name: record.name, type: record.kind, class: 'IN', ttl: record.ttl, flush, data: record.wire };
}

/**
 * A record that came from the network, or `undefined` if it is none of class IN (as OPT).
 * Throws if its data does not have the shape of its type.
 */
export function fromWire(wire: WireRecord): ResourceRecord | undefined {
  if (wire.class !== 'IN' || wire.data === undefined || wire.ttl === undefined) return undefined;
  return {
    name: wire.name,
    kind: wire.type,
    ttl: wire.ttl,
    flush: wire.flush === true,
    data: readData(wire.type, wire.data),
    wire: wire.data,
    rdata: rdataOf(wire.type, wire.data),
  };
}

function readData(type: string, data: unknown): RecordData {
  if ((type === 'A' || type === 'AAAA') && typeof data === 'string') return { type, address: data };
  if (type === 'PTR' && typeof data === 'string') return { type, target: data };
  if (type === 'TXT' && Array.isArray(data)) return { type, strings: data.filter(Buffer.isBuffer) };
  if (type === 'SRV' && typeof data === 'object' && data !== null) {
    const { priority, weight, port, target } = data as ServiceTarget;
    return { type, service: { priority, weight, port, target } };
  }
  if (type === 'NSEC' && typeof data === 'object' && data !== null) {
    return { type, types: (data as { rrtypes: string[] }).rrtypes };
  }
  return { type: 'OTHER' };
}

const TYPE_NUMBERS = new Map([
  ['A', 1],
  ['CNAME', 5],
  ['PTR', 12],
  ['HINFO', 13],
  ['TXT', 16],
  ['AAAA', 28],
  ['SRV', 33],
  ['NSEC', 47],
]);
const LAST_TYPE = 65_535;

/** Orders records as the tie-break does: by type, then by data as unsigned bytes. RFC 6762 §8.2 */
export function compareRecords(a: ResourceRecord, b: ResourceRecord): number {
  const types = (TYPE_NUMBERS.get(a.kind) ?? LAST_TYPE) - (TYPE_NUMBERS.get(b.kind) ?? LAST_TYPE);
  return types !== 0 ? types : Buffer.compare(a.rdata, b.rdata);
}
