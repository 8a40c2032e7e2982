import type { Clock } from '../../system/clock.js';
import { isLinkLocal6, isOnLan, isUniqueLocal6 } from './interfaces.js';
import type { Link } from './link.js';
import { foldName, labelsOf, sameName } from './names.js';
import type { Message, Question } from './packet.js';
import { identityOf, type ResourceRecord, withTtl } from './records.js';

/** Records kept at most, in all and from one neighbour: nobody can fill a thing's memory. */
const MAX_RECORDS = 1000;
const MAX_PER_SOURCE = 100;
/** Milliseconds for which a record without the flush bit's blessing stays. RFC 6762 §10.2 */
const FLUSH_GRACE = 1000;

/** An instance of a service with all that is needed to connect. */
export interface Found {
  /** The instance's label, unescaped. */
  readonly instance: string;
  /** The host name, as `pronto.local`. */
  readonly host: string;
  readonly port: number;
  /** IPv4 first, then IPv6; link-local IPv6 addresses carry their zone. Never empty. */
  readonly addresses: readonly string[];
  /** TXT keys in lower case; of a key that comes twice the first counts, one without `=` is empty. RFC 6763 §6.4 */
  readonly txt: ReadonlyMap<string, string>;
}

interface Entry {
  readonly record: ResourceRecord;
  readonly link: Link;
  readonly source: string;
  readonly heard: number;
  readonly expires: number;
}

/** What was heard of one service type, whatever packets it came in. */
export class Cache {
  readonly #type: string;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  /** `type` is a full name, as `_xmpp-client._tcp.local`. */
  constructor(type: string, clock: Clock) {
    this.#type = type;
    this.#clock = clock;
  }

  /** Keeps what a response says. */
  hear(message: Message, link: Link, source: string): void {
    this.#dropExpired();
    const records = [...message.answers, ...message.additionals].filter((record) => this.#isOfUse(record));
    for (const record of records) if (record.flush) this.#flush(record, link);
    for (const record of records) this.#keep(record, link, source);
  }

  /** Forgets what was heard on a link. */
  forget(link: Link): void {
    for (const [key, entry] of this.#entries) if (entry.link === link) this.#entries.delete(key);
  }

  /** The instances known now with address and text. */
  found(): Found[] {
    this.#dropExpired();
    const found = new Map<string, Found>();
    for (const { record, link } of this.#entries.values()) {
      if (record.data.type !== 'PTR' || found.has(foldName(record.data.target))) continue;
      const instance = this.#resolve(record.data.target, link);
      if (instance !== undefined) found.set(foldName(record.data.target), instance);
    }
    return [...found.values()];
  }

  /** What to ask on a link so that known instances become whole. */
  missing(link: Link): Question[] {
    const questions = new Map<string, Question>();
    const ask = (name: string, type: string): void => {
      questions.set(`${type} ${foldName(name)}`, { name, type, unicast: false });
    };
    for (const { record } of this.#on(link, this.#type, 'PTR')) {
      if (record.data.type !== 'PTR') continue;
      const { target } = record.data;
      const service = this.#on(link, target, 'SRV')[0]?.record.data;
      if (service?.type !== 'SRV') ask(target, 'SRV');
      else if (this.#addresses(service.service.target, link).length === 0) {
        ask(service.service.target, 'A');
        ask(service.service.target, 'AAAA');
      }
      if (this.#on(link, target, 'TXT').length === 0) ask(target, 'TXT');
    }
    return [...questions.values()];
  }

  /** The pointers known on a link for more than half of their time still. RFC 6762 §7.1 */
  known(link: Link): ResourceRecord[] {
    const now = this.#clock.monotonic();
    const left = ({ expires }: Entry): number => Math.floor((expires - now) / 1000);
    return this.#on(link, this.#type, 'PTR')
      .filter((entry) => left(entry) * 2 > entry.record.ttl)
      .map((entry) => withTtl(entry.record, left(entry)));
  }

  #isOfUse({ name, kind }: ResourceRecord): boolean {
    if (kind === 'PTR') return sameName(name, this.#type);
    if (kind === 'SRV' || kind === 'TXT') return foldName(name).endsWith(`.${foldName(this.#type)}`);
    return kind === 'A' || kind === 'AAAA';
  }

  #keep(record: ResourceRecord, link: Link, source: string): void {
    const key = `${link.lan.key} ${identityOf(record)}`;
    this.#entries.delete(key);
    if (record.ttl === 0 || this.#isFull(source)) return;
    const heard = this.#clock.monotonic();
    this.#entries.set(key, { record, link, source, heard, expires: heard + record.ttl * 1000 });
  }

  #isFull(source: string): boolean {
    if (this.#entries.size >= MAX_RECORDS) return true;
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.source === source) count += 1;
    return count >= MAX_PER_SOURCE;
  }

  /** The owner of a name says all of it at once: older records of the name and type are gone. */
  #flush(record: ResourceRecord, link: Link): void {
    const old = this.#clock.monotonic() - FLUSH_GRACE;
    for (const [key, entry] of this.#entries) {
      const same = entry.record.kind === record.kind && sameName(entry.record.name, record.name);
      if (same && entry.link === link && entry.heard < old) this.#entries.delete(key);
    }
  }

  #dropExpired(): void {
    const now = this.#clock.monotonic();
    for (const [key, entry] of this.#entries) if (entry.expires <= now) this.#entries.delete(key);
  }

  #on(link: Link, name: string, kind: string): Entry[] {
    const fits = ({ record, link: on }: Entry): boolean =>
      on === link && record.kind === kind && sameName(record.name, name);
    return [...this.#entries.values()].filter(fits);
  }

  #resolve(name: string, link: Link): Found | undefined {
    const service = this.#on(link, name, 'SRV')[0]?.record.data;
    const text = this.#on(link, name, 'TXT')[0]?.record.data;
    if (service?.type !== 'SRV' || text?.type !== 'TXT') return undefined;
    const { target: host, port } = service.service;
    const addresses = this.#addresses(host, link);
    const [instance] = labelsOf(name);
    if (addresses.length === 0 || instance === undefined) return undefined;
    return { instance, host, port, addresses, txt: readText(text.strings) };
  }

  /** Addresses a neighbour can have; others may be those of a LAN that is not this one. */
  #addresses(host: string, link: Link): string[] {
    const ranked: { readonly rank: number; readonly address: string }[] = [];
    for (const { record } of [...this.#on(link, host, 'A'), ...this.#on(link, host, 'AAAA')]) {
      if (record.data.type !== 'A' && record.data.type !== 'AAAA') continue;
      const { address } = record.data;
      if (isOnLan(address, link.lan)) ranked.push({ rank: 0, address });
      else if (isUniqueLocal6(address)) ranked.push({ rank: 1, address });
      else if (isLinkLocal6(address)) ranked.push({ rank: 2, address: `${address}%${link.lan.name}` });
    }
    return ranked.sort((a, b) => a.rank - b.rank).map(({ address }) => address);
  }
}

function readText(strings: readonly Buffer[]): Map<string, string> {
  const txt = new Map<string, string>();
  for (const bytes of strings) {
    const text = bytes.toString('utf8');
    const at = text.indexOf('=');
    const key = (at < 0 ? text : text.slice(0, at)).toLowerCase();
    if (key !== '' && !txt.has(key)) txt.set(key, at < 0 ? '' : text.slice(at + 1));
  }
  return txt;
}
