import type { Clock } from '../../system/clock.js';
import { printable } from '../../system/printable.js';
import type { ResourceRecord } from './records.js';

/** Conflicts within ten seconds after which probing slows down, and to what. RFC 6762 §8.1 */
const MANY = { count: 15, within: 10_000 };
/** Milliseconds after which conflicts are over. */
const PEACE = 60_000;
/** Milliseconds for which the owner is told of a rival after it was heard last. */
const REMEMBERED = 3_600_000;

/** Who else uses a name of ours. */
export interface Rival {
  /** The name, as in DNS. */
  readonly name: string;
  /** The address it was heard from. */
  readonly by: string;
  /** The port, if what it said was where a service is. */
  readonly port: number | undefined;
}

/** The conflicts of late: how many, and with whom. */
export class Conflicts {
  readonly #clock: Clock;
  readonly #times: number[] = [];
  #last: (Rival & { readonly at: number }) | undefined;
  #imitator: (Rival & { readonly at: number }) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes that a record of a name of ours was heard from elsewhere. */
  note({ name, data }: ResourceRecord, by: string): Rival {
    const at = this.#clock.monotonic();
    const port = data.type === 'SRV' ? data.service.port : undefined;
    const rival = { name: printable(name), by, port, at };
    this.#last = rival;
    if (port !== undefined) this.#imitator = rival;
    this.#times.push(at);
    if (this.#times.length > MANY.count) this.#times.shift();
    return rival;
  }

  /** Whether there were so many of late that probing must slow down. */
  get areMany(): boolean {
    const oldest = this.#times.length < MANY.count ? undefined : this.#times[0];
    return oldest !== undefined && this.#clock.monotonic() - oldest < MANY.within;
  }

  /** Whether the last one is a minute ago, or there was none. */
  get areOver(): boolean {
    return this.#last === undefined || this.#clock.monotonic() - this.#last.at >= PEACE;
  }

  /** The last one, if it is not long ago. */
  get last(): Rival | undefined {
    return this.#lately(this.#last);
  }

  /** The last one that said where a service of ours is, and said it otherwise. */
  get imitator(): Rival | undefined {
    return this.#lately(this.#imitator);
  }

  #lately<T extends { readonly at: number }>(rival: T | undefined): T | undefined {
    return rival !== undefined && this.#clock.monotonic() - rival.at < REMEMBERED ? rival : undefined;
  }
}
