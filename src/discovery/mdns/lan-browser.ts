import type { Timer } from '../../system/clock.js';
import type { Browser, BrowserChange } from '../browser.js';
import { Cache } from './cache.js';
import { type Found, isSameFound } from './found.js';
import type { Link } from './link.js';
import { foldName, nameOf } from './names.js';
import type { Message } from './packet.js';
import { PORT } from './path.js';
import { Querier } from './querier.js';
import type { DiscoveryWorld, SocketsEvents } from './sockets.js';
import type { Peer } from './wire.js';
import { LOCAL } from './zone.js';

/** The links that a browser looks at: `Sockets` are such. */
export interface LanSource {
  /** Those that are up. */
  readonly links: readonly Link[];
  /** Whether questions may ask for unicast answers. */
  readonly hearsUnicast: boolean;
  /** Whether an address is one of this machine's. */
  isOwn(address: string): boolean;
  /** Tells of links and messages from now on; returns what ends that. */
  follow(events: SocketsEvents): () => void;
}

/**
 * Keeps up with the instances of one service type on all links: asks for them less and less often, asks again before
 * what is known lapses, and tells what came, changed and went. One timer serves everything. RFC 6762 §5.2, RFC 6763 §4
 */
export class LanBrowser implements Browser {
  readonly #type: string;
  readonly #source: LanSource;
  readonly #isOurs: (key: string) => boolean;
  readonly #world: Pick<DiscoveryWorld, 'clock' | 'random'>;
  readonly #queriers = new Map<Link, Querier>();
  readonly #told = new Map<string, Found>();
  readonly #listeners = new Set<(change: BrowserChange) => void>();
  #cache: Cache;
  #timer: { readonly at: number; readonly timer: Timer } | undefined;
  #unfollow: (() => void) | undefined;

  /**
   * `type` as `_presence._tcp`. `isOurs` tells which instances this program announces itself, by their full names,
   * folded: nobody need ask for those, nor be told. Listeners to the changes must not throw.
   */
  constructor(
    type: string,
    source: LanSource,
    world: Pick<DiscoveryWorld, 'clock' | 'random'>,
    isOurs: (key: string) => boolean = () => false,
  ) {
    this.#isOurs = isOurs;
    this.#type = nameOf(...type.split('.'), LOCAL);
    this.#source = source;
    this.#world = world;
    this.#cache = this.#newCache();
  }

  /** How many instances are known or half known, each counted on each of its links. */
  get size(): number {
    return this.#cache.size;
  }

  /** How many records and questions wait for their time. */
  get waiting(): number {
    return this.#cache.waiting;
  }

  /** Begins to ask and to listen, on the links that are up and on those that come. */
  start(): void {
    if (this.#unfollow !== undefined) return;
    this.#unfollow = this.#source.follow({
      up: (link) => this.#add(link),
      down: (link) => this.#remove(link),
      changed: (link) => this.#review(link),
      message: (link, message, from) => this.#hear(link, message, from),
    });
    for (const link of this.#source.links) this.#add(link);
  }

  /** Ends all, and knows nothing any more; of that nothing is told. */
  stop(): void {
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    this.#queriers.clear();
    this.#told.clear();
    this.#cache = this.#newCache();
  }

  /** Which instances are ours has changed. */
  review(): void {
    for (const link of this.#queriers.keys()) this.#cache.review(link);
    this.#settle();
  }

  all(): readonly Found[] {
    return [...this.#told.values()];
  }

  find(instance: string): Found | undefined {
    const found = this.#told.get(foldName(`${nameOf(instance)}.${this.#type}`));
    if (found !== undefined || /^[\x00-\x7f]*$/.test(instance)) return found;
    const folded = instance.toLowerCase(); // DNS folds no letters but those of ASCII; addresses fold all.
    return this.all().find((other) => other.instance.toLowerCase() === folded);
  }

  doubt(instance: string): void {
    const found = this.find(instance);
    if (found === undefined) return;
    this.#cache.reconfirm(foldName(`${nameOf(found.instance)}.${this.#type}`));
    this.#settle();
  }

  onChange(listener: (change: BrowserChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #newCache(): Cache {
    return new Cache(this.#type, this.#isOurs, this.#world, (link, questions, isKnown) =>
      this.#queriers.get(link)?.ask(questions, isKnown),
    );
  }

  #add(link: Link): void {
    if (this.#queriers.has(link)) return;
    const options = { type: this.#type, unicast: this.#source.hearsUnicast };
    this.#queriers.set(link, new Querier(link, options, this.#cache, this.#world));
    this.#settle();
  }

  #remove(link: Link): void {
    this.#queriers.delete(link);
    this.#cache.forget(link);
    this.#settle();
  }

  #review(link: Link): void {
    this.#cache.review(link);
    this.#settle();
  }

  #hear(link: Link, message: Message, from: Peer): void {
    if (message.response) this.#cache.hear(message, link, from.address);
    else if (!this.#source.isOwn(from.address)) this.#overhear(link, message, from);
    this.#settle();
  }

  /** What others ask; a resolver that does not speak mDNS is answered alone. */
  #overhear(link: Link, query: Message, from: Peer): void {
    if (from.port !== PORT) return;
    this.#queriers.get(link)?.overhear(query);
    this.#cache.overhear(query, link, from.address);
  }

  #run(): void {
    this.#timer = undefined;
    this.#cache.advance();
    for (const querier of this.#queriers.values()) querier.run();
    this.#settle();
  }

  /** Tells what has changed, and waits for what is due next. */
  #settle(): void {
    for (const key of this.#cache.takeChanged()) this.#tell(key);
    if (this.#unfollow === undefined) return; // A listener may have stopped us.
    const times = [...this.#queriers.values()].map(({ due }) => due);
    const at = Math.min(this.#cache.due ?? Number.POSITIVE_INFINITY, ...times);
    if (at === this.#timer?.at) return;
    this.#timer?.timer.cancel();
    this.#timer = undefined;
    if (at === Number.POSITIVE_INFINITY) return;
    // Whole milliseconds: a timer that is early by a rounding error would find nothing due, again and again.
    const wait = Math.max(0, Math.ceil(at - this.#world.clock.monotonic()));
    this.#timer = { at, timer: this.#world.clock.after(wait, () => this.#run(), 'mdns browse') };
  }

  #tell(key: string): void {
    const before = this.#told.get(key);
    const found = this.#cache.found(key);
    if (found === undefined) {
      if (before === undefined) return;
      this.#told.delete(key);
      this.#emit({ kind: 'down', found: before });
    } else if (before === undefined || !isSameFound(before, found)) {
      this.#told.set(key, found);
      this.#emit({ kind: before === undefined ? 'up' : 'changed', found });
    }
  }

  #emit(change: BrowserChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
