import type { Clock } from '../../system/clock.js';
import { addressGroup } from './address-group.js';

interface Tries {
  failures: number;
  /** Monotonic time of the next try that may be judged. */
  next: number;
  /** Monotonic time of the last failure. */
  last: number;
}

/** One count that a try goes into, and the failures that cost nothing there. */
interface Counted {
  readonly map: Map<string, Tries>;
  readonly key: string;
  readonly free: number;
}

/** Failures before the delay begins to grow. A household shares an address more often than an account. */
const FREE = { account: 3, address: 10, known: 3 } as const;
/** The first delay and the longest one, in milliseconds; each failure doubles it. */
const FIRST_DELAY = 500;
const LONGEST_DELAY = 16_000;
/** A try that would wait longer than this is refused at once: a stream has 30 s to log in. */
const LONGEST_WAIT = 20_000;
/** Failures are forgotten after this time without another one. */
const FORGET = 900_000;
/** How many names and addresses are remembered; beyond that the oldest are forgotten. */
const MEMORY = 10_000;
/** Addresses that an account logged in from and that others' failures do not slow down. */
const KNOWN_ADDRESSES = 4;

/**
 * Slows down those who guess passwords: the delay grows per account and per address, for accounts that do not exist as
 * well. Who logged in before from an address is counted there for himself: neither who guesses at his account from
 * elsewhere nor a neighbour who guesses at others locks him out.
 */
export class LoginGuard {
  private readonly clock: Clock;
  private readonly accounts = new Map<string, Tries>();
  private readonly addresses = new Map<string, Tries>();
  private readonly known = new Map<string, readonly string[]>();
  /** Failures of accounts at addresses that they logged in from. */
  private readonly atKnown = new Map<string, Tries>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /**
   * Milliseconds after which this try to log in may be judged; tries of one account or address wait behind each other.
   * `undefined` if it would have to wait too long.
   */
  take(account: string, address: string): number | undefined {
    const now = this.clock.monotonic();
    const counts = this.counts(account, address);
    const tries = counts.map(({ map, key }) => this.current(map, key, now));
    const at = Math.max(now, ...tries.map((one) => one?.next ?? 0));
    if (at - now > LONGEST_WAIT) return undefined;
    for (const [index, one] of tries.entries()) {
      if (one !== undefined) one.next = at + delayAfter(one.failures - (counts[index]?.free ?? 0));
    }
    return at - now;
  }

  /** The try was wrong. */
  failed(account: string, address: string): void {
    this.count(this.foreign(account, address));
    if (this.isKnown(account, address)) this.count([this.own(account, address)]);
  }

  /** The try was right. The address keeps its failures: one good account is no licence to guess at others. */
  succeeded(account: string, address: string): void {
    this.accounts.delete(account);
    this.atKnown.delete(this.own(account, address).key);
    const others = (this.known.get(account) ?? []).filter((other) => other !== address);
    remember(this.known, account, [...others, address].slice(-KNOWN_ADDRESSES));
  }

  private isKnown(account: string, address: string): boolean {
    return this.known.get(account)?.includes(address) === true;
  }

  /** What decides how long a try waits. */
  private counts(account: string, address: string): readonly Counted[] {
    return this.isKnown(account, address) ? [this.own(account, address)] : this.foreign(account, address);
  }

  private foreign(account: string, address: string): readonly Counted[] {
    return [
      { map: this.addresses, key: addressGroup(address), free: FREE.address },
      { map: this.accounts, key: account, free: FREE.account },
    ];
  }

  private own(account: string, address: string): Counted {
    return { map: this.atKnown, key: `${address} ${account}`, free: FREE.known };
  }

  private current(map: Map<string, Tries>, key: string, now: number): Tries | undefined {
    const tries = map.get(key);
    if (tries === undefined || now - tries.last <= FORGET) return tries;
    map.delete(key);
    return undefined;
  }

  private count(counts: readonly Counted[]): void {
    const now = this.clock.monotonic();
    for (const { map, key, free } of counts) {
      const tries = this.current(map, key, now);
      const failures = (tries?.failures ?? 0) + 1;
      const next = Math.max(tries?.next ?? 0, now + delayAfter(failures - free));
      remember(map, key, { failures, next, last: now });
    }
  }
}

function delayAfter(excess: number): number {
  return excess <= 0 ? 0 : Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (excess - 1));
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  const oldest = map.size >= MEMORY ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
  map.set(key, value);
}
