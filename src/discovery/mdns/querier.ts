import type { Timer } from '../../system/clock.js';
import { Cache, type Found } from './cache.js';
import type { Link } from './link.js';
import { nameOf } from './names.js';
import { QUESTION_CAP, queryMessage } from './packet.js';
import { type DiscoveryWorld, Sockets } from './sockets.js';
import { pick } from './timing.js';
import { LOCAL } from './zone.js';

/** Milliseconds between the first two queries, doubled each time up to the last. RFC 6762 §5.2 */
const FIRST_GAP = 1000;
const LAST_GAP = 3_600_000;

/** What is looked for, and where. */
export interface QuerierOptions {
  /** As `_xmpp-client._tcp`. */
  readonly type: string;
  /** Only these interfaces; all but container and point-to-point ones if not given. */
  readonly interfaces?: readonly string[] | undefined;
  /** Called with all instances that are whole, whenever something was heard. Must not throw. */
  readonly onFound: (found: readonly Found[]) => void;
}

/** Browses for a service: asks again and again, less and less often, and asks for what answers leave out. */
export class Querier {
  readonly #type: string;
  readonly #world: DiscoveryWorld;
  readonly #sockets: Sockets;
  readonly #cache: Cache;
  readonly #timers = new Map<Link, Timer>();
  readonly #followUps = new Map<Link, Timer>();
  readonly #asked = new Set<string>();

  constructor(options: QuerierOptions, world: DiscoveryWorld) {
    this.#type = nameOf(...options.type.split('.'), LOCAL);
    this.#world = world;
    this.#cache = new Cache(this.#type, world.clock);
    this.#sockets = new Sockets({ interfaces: options.interfaces, unicast: false }, world, {
      up: (link) => this.#askAfter(link, pick(world.random, 20, 120), FIRST_GAP),
      changed: () => undefined,
      down: (link) => this.#forget(link),
      message: (link, message, from) => {
        if (!message.response) return;
        this.#cache.hear(message, link, from.address);
        options.onFound(this.#cache.found());
        this.#followUp(link);
      },
    });
  }

  /** Opens the sockets and begins to ask. Never rejects. */
  start(): Promise<void> {
    return this.#sockets.start();
  }

  /** Ends asking and closes the sockets. */
  async stop(): Promise<void> {
    for (const timer of [...this.#timers.values(), ...this.#followUps.values()]) timer.cancel();
    this.#timers.clear();
    this.#followUps.clear();
    await this.#sockets.stop();
  }

  #forget(link: Link): void {
    this.#timers.get(link)?.cancel();
    this.#followUps.get(link)?.cancel();
    this.#timers.delete(link);
    this.#followUps.delete(link);
    this.#cache.forget(link);
  }

  #askAfter(link: Link, wait: number, gap: number): void {
    const ask = (): void => {
      this.#askAfter(link, gap, Math.min(gap * 2, LAST_GAP));
      this.#asked.clear();
      const browse = { name: this.#type, type: 'PTR', unicast: false };
      const questions = [browse, ...this.#cache.missing(link)].slice(0, QUESTION_CAP);
      void link.send(queryMessage(questions, this.#cache.known(link).slice(0, QUESTION_CAP)));
    };
    this.#timers.set(link, this.#world.clock.after(wait, ask, 'mdns query'));
  }

  /** Asks soon for what a responder left out of its packet, once for each name until the next query. */
  #followUp(link: Link): void {
    if (this.#followUps.has(link) || this.#cache.missing(link).length === 0) return;
    const ask = (): void => {
      this.#followUps.delete(link);
      const news = this.#cache.missing(link).filter(({ name, type }) => !this.#asked.has(`${type} ${name}`));
      for (const { name, type } of news) this.#asked.add(`${type} ${name}`);
      if (news.length > 0) void link.send(queryMessage(news.slice(0, QUESTION_CAP)));
    };
    const wait = pick(this.#world.random, 20, 120);
    this.#followUps.set(link, this.#world.clock.after(wait, ask, 'mdns follow-up'));
  }
}
