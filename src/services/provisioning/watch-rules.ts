import type { Moment, Standing } from '../../domain/decision-time.js';
import { deviceAddress, formatAddress, type NodeAddress, sameAddress } from '../../domain/node-address.js';
import type { Rule, RuleKind } from '../../domain/rule.js';
import { rules } from '../../storage/keys.js';
import type { Store, Transaction, View } from '../../storage/store.js';
import type { Clock, Timer } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import { appendAudit } from '../audit-trail.js';
import { announceChange } from './announce-change.js';
import type { Friendships } from './friendships.js';

/** How long nobody looks, at most and at least, in milliseconds: the clock may be set at any time. */
const LONGEST = 3_600_000;
const SHORTEST = 1000;

/** When to look again where the time is not known, or nothing could be written, in milliseconds. */
const AGAIN = 60_000;

/** Devices that one transaction tells. */
const AT_ONCE = 100;

/** A rule that holds at times only, and what its thing knows it to be; `undefined` where that must be said. */
interface Watched {
  readonly rule: Rule;
  readonly told: Standing | undefined;
}

/**
 * Things keep answers for months, so they are told whenever a rule that holds at times only begins or ends: to forget
 * what they keep, and to leave whom it had let in. What changed while the hub was down is told at its start. A rule that
 * is over for good goes.
 */
export class WatchRules implements View<{ thing: NodeAddress; kind: RuleKind; id: string }, Rule> {
  readonly table = rules;
  private readonly watched = new Map<string, Watched>();
  private readonly store: Store;
  private readonly friendships: Friendships;
  private readonly moment: () => Moment;
  private readonly clock: Clock;
  private readonly log: Log;
  private timer: Timer | undefined;
  /** When it looks next, in milliseconds since 1970. */
  private next: number | undefined;
  private running = false;

  constructor(store: Store, friendships: Friendships, moment: () => Moment, clock: Clock, log: Log) {
    this.store = store;
    this.friendships = friendships;
    this.moment = moment;
    this.clock = clock;
    this.log = log;
  }

  /** Tells all things that have such rules, then each when one changes. After the store has started. */
  start(): void {
    this.running = true;
    this.look();
  }

  stop(): void {
    this.running = false;
    this.timer?.cancel();
  }

  changed({ id }: { readonly id: string }, rule: Rule | undefined): void {
    if (rule === undefined || (rule.until === undefined && rule.daily === undefined)) {
      this.watched.delete(id);
      return;
    }
    const moment = this.moment();
    this.watched.set(id, { rule, told: this.running ? moment.standing(rule) : undefined });
    this.schedule(moment.changes(rule));
  }

  /** Compares what each rule is with what was told of it, for the clock may have been set since. */
  private look(): void {
    const moment = this.moment();
    const due: Rule[] = [];
    let next: number | undefined;
    for (const [id, { rule, told }] of this.watched) {
      const standing = moment.standing(rule);
      if (standing !== told) {
        due.push(rule);
        this.watched.set(id, { rule, told: standing });
      }
      const at = moment.changes(rule);
      if (at !== undefined && (next === undefined || at < next)) next = at;
    }
    this.next = undefined;
    this.timer?.cancel();
    if (this.watched.size > 0) this.schedule(moment.known ? (next ?? Infinity) : this.clock.now() + AGAIN);
    if (due.length > 0) void this.tellAll(due);
  }

  /** Looks at that time, in milliseconds since 1970, unless it does so earlier. */
  private schedule(at: number | undefined): void {
    if (!this.running || at === undefined || (this.next !== undefined && this.next <= at)) return;
    this.timer?.cancel();
    const now = this.clock.now();
    const wait = Math.min(Math.max(at - now, SHORTEST), LONGEST);
    this.next = now + wait;
    this.timer = this.clock.after(wait, () => this.look(), 'rules that begin or end');
  }

  /** Never rejects: what could not be told is told later. */
  private async tellAll(due: readonly Rule[]): Promise<void> {
    const devices = new Map<string, Rule[]>();
    for (const rule of due) {
      const rulesOfDevice = devices.get(rule.thing.jid);
      if (rulesOfDevice === undefined) devices.set(rule.thing.jid, [rule]);
      else rulesOfDevice.push(rule);
    }
    const groups = [...devices.values()];
    for (let from = 0; from < groups.length && this.running; from += AT_ONCE) {
      const some = groups.slice(from, from + AT_ONCE);
      try {
        await this.tell(some);
      } catch (error) {
        if (this.running) this.failed(some.flat(), error);
      }
    }
  }

  private failed(due: readonly Rule[], error: unknown): void {
    this.log.error('Things could not be told that rules began or ended.', { error: String(error) });
    for (const { id } of due) {
      const watched = this.watched.get(id);
      if (watched !== undefined) this.watched.set(id, { rule: watched.rule, told: undefined });
    }
    this.schedule(this.clock.now() + AGAIN);
  }

  private async tell(devices: readonly (readonly Rule[])[]): Promise<void> {
    if (this.store.damage !== undefined) return;
    await this.store.transact(async (transaction) => {
      for (const due of devices) await this.tellOne(transaction, due);
    });
  }

  /** Tells a device of its rules; at least one. */
  private async tellOne(transaction: Transaction, due: readonly Rule[]): Promise<void> {
    const strangers = new Set<string>();
    for (const rule of due) await this.bury(transaction, rule);
    for (const { kind, thing, subject } of due) {
      if (kind !== 'friend') continue;
      const device = deviceAddress(thing.jid);
      for (const jid of await this.friendships.ended(transaction, device, subject)) strangers.add(jid);
    }
    const [first, ...more] = due;
    if (first === undefined) return;
    const { thing } = first;
    const address = more.every((rule) => sameAddress(rule.thing, thing)) ? thing : deviceAddress(thing.jid);
    await announceChange(transaction, address, { strangers: [...strangers] }, this.clock.now());
  }

  private async bury(transaction: Transaction, { thing, kind, id, by }: Rule): Promise<void> {
    const rule = await transaction.get(rules, { thing, kind, id });
    if (rule === undefined || this.moment().standing(rule) !== 'over') return;
    transaction.delete(rules, { thing, kind, id });
    await appendAudit(transaction, {
      at: this.clock.now(),
      what: 'rule-ended',
      by: 'hub',
      thing: formatAddress(thing),
      about: by,
      outcome: `done (rule ${id})`,
    });
  }
}
