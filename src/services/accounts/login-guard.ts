import type { Clock } from '../../system/clock.js';
import { addressGroup } from './address-group.js';

interface Tries {
  failures: number;
  /** Monotonic time of the next try that may be judged. */
  next: number;
  /** Monotonic time of the last failure. */
  last: number;
}

/** Failures before the delay begins to grow. A household shares an address more often than an account. */
const FREE = { account: 3, address: 10 } as const;
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
 * well. Somebody who guesses from elsewhere does not lock out who logged in before from his own address.
 */
export class LoginGuard {
  private readonly clock: Clock;
  private readonly accounts = new Map<string, Tries>();
  private readonly addresses = new Map<string, Tries>();
  private readonly known = new Map<string, readonly string[]>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /**
   * Milliseconds after which this try to log in may be judged; tries of one account or address wait behind each other.
   * `undefined` if it would have to wait too long.
   */
  take(account: string, address: string): number | undefined {
    const now = this.clock.monotonic();
    const group = addressGroup(address);
    const byAddress = this.current(this.addresses, group, now);
    const byAccount = this.known.get(account)?.includes(group)
      ? undefined
      : this.current(this.accounts, account, now);
    const at = Math.max(now, byAddress?.next ?? 0, byAccount?.next ?? 0);
    if (at - now > LONGEST_WAIT) return undefined;
    if (byAddress !== undefined) byAddress.next = at + delayAfter(byAddress.failures - FREE.address);
    if (byAccount !== undefined) byAccount.next = at + delayAfter(byAccount.failures - FREE.account);
    return at - now;
  }

  /** The try was wrong. */
  failed(account: string, address: string): void {
    this.count(this.addresses, addressGroup(address), FREE.address);
    this.count(this.accounts, account, FREE.account);
  }

  /** The try was right. The address keeps its failures: one good account is no licence to guess at others. */
  succeeded(account: string, address: string): void {
    const group = addressGroup(address);
    this.accounts.delete(account);
    const others = (this.known.get(account) ?? []).filter((other) => other !== group);
    remember(this.known, account, [...others, group].slice(-KNOWN_ADDRESSES));
  }

  private current(map: Map<string, Tries>, key: string, now: number): Tries | undefined {
    const tries = map.get(key);
    if (tries === undefined || now - tries.last <= FORGET) return tries;
    map.delete(key);
    return undefined;
  }

  private count(map: Map<string, Tries>, key: string, free: number): void {
    const now = this.clock.monotonic();
    const tries = this.current(map, key, now);
    const failures = (tries?.failures ?? 0) + 1;
    const next = Math.max(tries?.next ?? 0, now + delayAfter(failures - free));
    remember(map, key, { failures, next, last: now });
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
