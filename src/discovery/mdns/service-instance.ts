import type { Due } from './due-queue.js';
import type { Link } from './link.js';
import { foldName } from './names.js';
import type { Question } from './packet.js';
import { RecordSet } from './record-set.js';
import type { ServiceTarget } from './records.js';
import type { ServiceHost } from './service-host.js';

/** Services and texts kept of one instance: more than one only while the old makes room for the new. */
const MAX_ALTERNATIVES = 2;

/** A host with its instances. */
export type Host = ServiceHost<ServiceInstance>;

/** What is known of one instance of the service on one link. */
export class ServiceInstance implements Due {
  /** The full name, folded. */
  readonly key: string;
  readonly link: Link;
  /** Who spoke of it first. */
  readonly source: string;
  readonly pointers: RecordSet<ServiceInstance>;
  readonly services: RecordSet<ServiceInstance>;
  readonly texts: RecordSet<ServiceInstance>;
  /** The host that the service names now. */
  host: Host | undefined;
  /** Counts up with each instance that becomes whole; `undefined` while this one is not. */
  wholeSince: number | undefined;
  due = 0;
  slot = -1;
  /** How often what is missing was asked for. */
  attempts = 0;

  readonly #isOurs: (key: string) => boolean;

  /**
   * `type` and `name` are full names, as `_presence._tcp.local` and `peter@mac._presence._tcp.local`. `isOurs` tells
   * which this program announces itself.
   */
  constructor(type: string, name: string, link: Link, source: string, isOurs: (key: string) => boolean) {
    this.#isOurs = isOurs;
    this.key = foldName(name);
    this.link = link;
    this.source = source;
    this.pointers = new RecordSet(type, 'PTR', this, 1);
    this.services = new RecordSet(name, 'SRV', this, MAX_ALTERNATIVES);
    this.texts = new RecordSet(name, 'TXT', this, MAX_ALTERNATIVES);
  }

  /** Its sets of records. */
  get sets(): readonly RecordSet<ServiceInstance>[] {
    return [this.pointers, this.services, this.texts];
  }

  /** Whether it is announced, and by somebody else: only then is anything asked about it. */
  get isWanted(): boolean {
    return this.pointers.size > 0 && !this.#isOurs(this.key);
  }

  /** The service that counts. */
  get target(): ServiceTarget | undefined {
    const data = this.services.current?.record.data;
    return data?.type === 'SRV' ? data.service : undefined;
  }

  /** The data of the text that counts. */
  get text(): Buffer | undefined {
    return this.texts.current?.record.rdata;
  }

  /** Whether pointer, service, text and a usable address are known. */
  get isWhole(): boolean {
    const own = this.isWanted && this.services.size > 0 && this.texts.size > 0;
    return own && this.host !== undefined && this.host.addresses().length > 0;
  }

  /** Whether everything was known when that was looked at last. */
  get isResolved(): boolean {
    return this.wholeSince !== undefined;
  }

  /** What is to be asked. */
  needs(): Question[] {
    const empty = this.isWanted ? [this.services, this.texts].filter(({ size }) => size === 0) : [];
    return empty.map(({ name, kind }) => ({ name, type: kind, unicast: false }));
  }
}
