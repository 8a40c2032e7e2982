import type { Moment } from '../../domain/decision-time.js';
import { deviceAddress, formatAddress, type NodeAddress } from '../../domain/node-address.js';
import type { Rule, RuleKind } from '../../domain/rule.js';
import { rules, things } from '../../storage/keys.js';
import type { Store, Transaction, View } from '../../storage/store.js';
import type { Clock, Timer } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import { appendAudit } from '../audit-trail.js';
import { announceChange } from './announce-change.js';
import type { Friendships } from './friendships.js';

/** How long nobody looks, at most and at least, in milliseconds: the clock may be set at any time. */
const LONGEST = 3_600_000;
const SHORTEST = 1000;

/** A rule that holds at times only, and when it will be something else. */
interface Watched {
  readonly rule: Rule;
  readonly at: number;
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
    if (this.running) this.watch(rule);
    else this.watched.set(rule.id, { rule, at: 0 });
    this.schedule();
  }

  private watch(rule: Rule): void {
    const at = this.moment().changes(rule);
    if (at === undefined) this.watched.delete(rule.id);
    else this.watched.set(rule.id, { rule, at });
  }

  private look(): void {
    const now = this.clock.now();
    const due = [...this.watched.values()].filter(({ at }) => at <= now).map(({ rule }) => rule);
    for (const rule of due) this.watch(rule);
    if (due.length > 0) {
      this.tell(due).catch((error: unknown) => {
        this.log.error('Things could not be told that rules began or ended.', { error: String(error) });
      });
    }
    this.schedule();
  }

  private schedule(): void {
    this.timer?.cancel();
    if (!this.running || this.watched.size === 0) return;
    const next = Math.min(...[...this.watched.values()].map(({ at }) => at));
    const wait = Math.min(Math.max(next - this.clock.now(), SHORTEST), LONGEST);
    this.timer = this.clock.after(wait, () => this.look(), 'rules that begin or end');
  }

  private async tell(due: readonly Rule[]): Promise<void> {
    if (this.store.damage !== undefined) return;
    const concerned = new Map(due.map((rule) => [things.encode(rule.thing), rule.thing]));
    await this.store.transact(async (transaction) => {
      for (const rule of due) await this.bury(transaction, rule);
      for (const thing of concerned.values()) {
        const friends = due.filter(({ kind, thing: about }) => kind === 'friend' && about.jid === thing.jid);
        const strangers = new Set<string>();
        for (const { subject } of friends) {
          const device = deviceAddress(thing.jid);
          for (const jid of await this.friendships.ended(transaction, device, subject)) strangers.add(jid);
        }
        await announceChange(transaction, thing, { strangers: [...strangers] }, this.clock.now());
      }
    });
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
