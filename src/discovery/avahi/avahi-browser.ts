import type { Browser, BrowserChange } from '../browser.js';
import { type Found, isSameFound, readText } from '../mdns/found.js';
import { isLinkLocal6 } from '../mdns/interfaces.js';
import { foldName } from '../mdns/names.js';
import { type BrowsedService, readBrowseLine } from './browse-line.js';
import { type AvahiWorld, Kept } from './kept.js';

/** Places (an instance on an interface by a protocol) that are kept at most, in all and of one address. */
const MOST = { places: 4000, ofAddress: 20 };

interface Place extends BrowsedService {
  readonly instance: string;
  readonly interface: string;
}

/** The instances of one service type as the machine's avahi sees them, by avahi-browse(1). */
export class AvahiBrowser implements Browser {
  private readonly kept: Kept;
  private readonly places = new Map<string, Place>();
  private readonly found = new Map<string, Found>();
  private readonly listeners = new Set<(change: BrowserChange) => void>();

  /** `type` as `_presence._tcp`. */
  constructor(type: string, world: AvahiWorld) {
    const args = ['--resolve', '--parsable', '--no-db-lookup', '--', type];
    this.kept = new Kept('avahi-browse', () => args, world, {
      line: (text) => this.read(text),
      ended: () => this.clear(),
    });
  }

  /** Begins to look. */
  start(): void {
    this.kept.start();
  }

  /** Ends; nobody is told. */
  async stop(): Promise<void> {
    this.listeners.clear();
    await this.kept.stop();
  }

  all(): readonly Found[] {
    return [...this.found.values()];
  }

  find(instance: string): Found | undefined {
    return this.found.get(foldName(instance));
  }

  /** None of avahi's tools asks it to look again: it forgets by itself what lapses. */
  doubt(): void {}

  onChange(listener: (change: BrowserChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private read(text: string): void {
    const line = readBrowseLine(text);
    // What the machine says to itself is no LAN.
    if (line === undefined || line.interface === 'lo') return;
    this.kept.settled();
    const key = `${line.interface} ${line.protocol} ${foldName(line.instance)}`;
    if (line.kind === 'gone') this.places.delete(key);
    else if (line.kind === 'resolved' && (this.places.has(key) || this.hasRoom(line.address)))
      this.places.set(key, line);
    else return;
    this.combine(line.instance);
  }

  private hasRoom(address: string): boolean {
    let same = 0;
    for (const place of this.places.values()) if (place.address === address) same++;
    return this.places.size < MOST.places && same < MOST.ofAddress;
  }

  private clear(): void {
    const instances = this.all().map(({ instance }) => instance);
    this.places.clear();
    for (const instance of instances) this.combine(instance);
  }

  /** One instance is one, on however many interfaces it is seen. */
  private combine(instance: string): void {
    const name = foldName(instance);
    const before = this.found.get(name);
    const now = foundOf([...this.places.values()].filter((place) => foldName(place.instance) === name));
    if (now === undefined) {
      this.found.delete(name);
      if (before !== undefined) this.tell({ kind: 'down', found: before });
      return;
    }
    this.found.set(name, now);
    if (before === undefined) this.tell({ kind: 'up', found: now });
    else if (!isSameFound(before, now)) this.tell({ kind: 'changed', found: now });
  }

  private tell(change: BrowserChange): void {
    for (const listener of [...this.listeners]) listener(change);
  }
}

function foundOf(places: readonly Place[]): Found | undefined {
  const [first] = places;
  if (first === undefined) return undefined;
  const { instance, host, port, txt } = first;
  const addresses = [...new Set(places.filter((place) => place.host === host).map(zoned))];
  addresses.sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
  return { instance, host, port, addresses, txt: readText(txt) };
}

function zoned({ address, interface: name }: Place): string {
  return isLinkLocal6(address) ? `${address}%${name}` : address;
}
