import type { WireRecord } from '../../src/discovery/mdns/codec.js';
import { labelsOf } from '../../src/discovery/mdns/names.js';

interface Kept {
  readonly record: WireRecord;
  readonly heard: number;
  readonly expires: number;
  /** Taken back or replaced: it lives a second at most. */
  readonly isDying: boolean;
}

/** Records of one name that are kept beside each other. */
const LIMITS: Readonly<Record<string, number>> = { PTR: 1000, SRV: 2, TXT: 2, A: 8 };

/** What RFC 6762 §10 says a listener knows after what it heard, written as plainly as can be. Times in milliseconds. */
export class CacheModel {
  private kept: Kept[] = [];

  /** A neighbour says these in one packet. */
  hear(records: readonly WireRecord[], now: number): void {
    this.kept = this.kept.filter(({ expires }) => expires > now);
    for (const record of records) {
      const { ttl = 0, flush = false } = record;
      this.kept = this.kept.map((one) => {
        const isTakenBack = ttl === 0 && isSame(one.record, record);
        const isReplaced = ttl > 0 && flush && isRival(one.record, record) && one.heard < now - 1000;
        return isTakenBack || isReplaced
          ? { ...one, isDying: true, expires: Math.min(one.expires, now + 1000) }
          : one;
      });
      if (ttl === 0) continue;
      this.kept = this.kept.filter((one) => !isSame(one.record, record));
      this.makeRoom(record);
      this.kept.push({ record, heard: now, expires: now + ttl * 1000, isDying: false });
    }
  }

  /** The instances that can be reached, as lines that can be compared. */
  known(now: number): string[] {
    const lines: string[] = [];
    for (const { record } of this.of(undefined, 'PTR', now)) {
      const name = String(record.data);
      const service = this.current(name, 'SRV', now)?.data as { port: number; target: string } | undefined;
      const text = this.current(name, 'TXT', now)?.data as readonly Buffer[] | undefined;
      if (service === undefined || text === undefined) continue;
      const addresses = this.of(service.target, 'A', now).map((one) => String(one.record.data));
      if (addresses.length === 0) continue;
      lines.push(lineOf(labelsOf(name)[0] ?? '', service.target, service.port, addresses, String(text[0])));
    }
    return lines.sort();
  }

  private makeRoom(record: WireRecord): void {
    const rivals = this.kept.filter((one) => isRival(one.record, record));
    if (rivals.length < (LIMITS[record.type] ?? 0)) return;
    const goes = rivals.find(({ isDying }) => isDying) ?? rivals[0];
    this.kept = this.kept.filter((one) => one !== goes);
  }

  private of(name: string | undefined, type: string, now: number): Kept[] {
    const fits = ({ record, expires }: Kept): boolean =>
      record.type === type && expires > now && (name === undefined || record.name === name);
    return this.kept.filter(fits);
  }

  /** The last word that was not taken back; else the last. */
  private current(name: string, type: string, now: number): WireRecord | undefined {
    const all = this.of(name, type, now);
    return (all.filter(({ isDying }) => !isDying).at(-1) ?? all.at(-1))?.record;
  }
}

/** A reachable instance as a line. */
export function lineOf(
  instance: string,
  host: string,
  port: number,
  addresses: readonly string[],
  text: string,
): string {
  return `${instance} at ${host}:${port} [${[...addresses].sort().join()}] ${text}`;
}

function isRival(a: WireRecord, b: WireRecord): boolean {
  return a.type === b.type && a.name === b.name && !isSame(a, b);
}

function isSame(a: WireRecord, b: WireRecord): boolean {
  return a.type === b.type && a.name === b.name && JSON.stringify(a.data) === JSON.stringify(b.data);
}
