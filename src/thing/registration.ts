import { rowOf } from '../dialects/table.js';
import { HubError } from '../domain/errors.js';
import type { Tag } from '../domain/tag.js';
import type { Clock, Timer } from '../system/clock.js';
import type { Log } from '../system/log.js';
import type { Answers } from './answers.js';
import type { Listeners, ThingEvents } from './events.js';
import type { Friendship } from './friendship.js';
import type { HubService } from './hub-service.js';
import { RequestRefused } from './request-refused.js';
import type { Session } from './session.js';
import type { State } from './state.js';
import { nodeOf, type ThingNode } from './thing-node.js';

const FIRST_RETRY = 15_000;
const LAST_RETRY = 600_000;

/** What registration needs of the thing. */
export interface RegistrationParts {
  readonly session: Session;
  readonly service: HubService;
  readonly friendship: Friendship;
  readonly answers: Answers;
  readonly state: State;
  readonly events: Listeners<ThingEvents>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What became of an update: the registry has it; it is said once the thing is online and owned; or never, because the
 * owner took the thing out of the registry.
 */
export type UpdateOutcome = 'done' | 'later' | 'removed';

/** The place of a thing, or of a node behind it, in the registry: its tags there, and its owner [0347 3.6 to 3.17]. */
export class Registration {
  private readonly node: ThingNode;
  private readonly parts: RegistrationParts;
  private retry: Timer | undefined;
  private leaving: Timer | undefined;
  private wait = FIRST_RETRY;
  private stopped = false;
  private turn: Promise<unknown> = Promise.resolve();
  /** Counts what the registry told: an answer that it overtook is not the truth any more. */
  private news = 0;

  constructor(node: ThingNode, parts: RegistrationParts) {
    this.node = node;
    this.parts = parts;
  }

  /** Registers. Rejects if the registry refuses or is silent. */
  async register(): Promise<void> {
    const { node } = this;
    const { session, service, state } = this.parts;
    const row = rowOf('register', service.generation);
    const { address, tags, description } = node;
    const { selfOwned = false } = description;
    const command = { node: address, selfOwned, tags, generation: service.generation };
    const { news } = this;
    const answer = row.readAnswer(await session.ask('set', service.registry, row.writeRequest(command)));
    this.wait = FIRST_RETRY;
    if (news !== this.news) return;
    if (answer !== undefined) await this.ownedBy(answer.owner, answer.public);
    else if (!selfOwned && state.secretOf(address).owned === true) await this.disowned();
    else this.isFree();
  }

  /** Registers again and, where that fails, later once more: never at once, and ever more rarely. */
  async again(): Promise<void> {
    if (this.stopped || this.node.left) return;
    this.retry?.cancel();
    this.retry = undefined;
    try {
      await this.register();
    } catch (error) {
      this.failed(error);
    }
  }

  /** The registry did not take the thing: it is told again later. */
  failed(error: unknown): void {
    if (this.stopped) return;
    this.parts.log.warn('The registry did not take this thing; it is told again later.', {
      nodeId: this.node.address.nodeId,
      error: String(error),
      retryIn: this.wait,
    });
    this.later(this.wait);
    this.wait = Math.min(this.wait * 2, LAST_RETRY);
  }

  /** Somebody claimed the thing: it is in the registry again, if it was not. */
  claimed(owner: string, isPublic: boolean): Promise<void> {
    this.news++;
    this.node.removed = false;
    return this.ownedBy(owner, isPublic);
  }

  private async ownedBy(owner: string, isPublic: boolean): Promise<void> {
    const { node } = this;
    const { state, friendship, events } = this.parts;
    const before = node.owner;
    node.owner = owner;
    if (before !== undefined && before !== owner) friendship.ownerLeft(before);
    await state.keepOwned(node.address);
    events.emit('claimed', { owner, public: isPublic, ...nodeOf(node) });
    void this.tell();
  }

  /**
   * The owner gave the thing up. It forgets him and what the hub allowed for him, makes a new KEY, so that he cannot
   * claim it again, and registers anew, after the acknowledgement [0347 3.17].
   */
  async disowned(): Promise<void> {
    this.news++;
    const { node } = this;
    const { state, answers, friendship, events, service } = this.parts;
    const { owner } = node;
    const wasOwned = owner !== undefined || state.secretOf(node.address).owned === true;
    node.owner = undefined;
    node.removed = false;
    node.sayAgain();
    if (wasOwned) await state.renewKey(node.address);
    node.take(state.secretOf(node.address).key);
    await answers.clear();
    if (owner !== undefined) friendship.ownerLeft(owner);
    events.emit('disowned', { registry: service.registry, ...nodeOf(node) });
    // Whoever repeats himself does not make it register in a loop.
    this.later(wasOwned ? 0 : this.wait);
  }

  /** The owner took the thing out of the registry: there is nothing more to say there [0347 3.10]. */
  removed(): void {
    this.news++;
    const { node } = this;
    const { clock, events, friendship, service } = this.parts;
    node.removed = true;
    events.emit('removed', { registry: service.registry, ...nodeOf(node) });
    this.leaving?.cancel();
    this.leaving = clock.after(0, () => friendship.leaveRegistry(), 'leave the registry');
  }

  /** Tells the registry what changed, one update after the other [0347 3.13]. Rejects with RequestRefused. */
  update(): Promise<UpdateOutcome> {
    const say = () => this.say();
    const outcome = this.turn.then(say, say);
    this.turn = outcome.catch(() => undefined);
    return outcome;
  }

  /** Leaves the registry [0347 3.16]. Rejects if that does not answer. */
  async unregister(): Promise<void> {
    const { node } = this;
    const { session, service, state } = this.parts;
    const row = rowOf('unregister', service.generation);
    this.retry?.cancel();
    node.left = true;
    await session.ask('set', service.registry, row.writeRequest({ node: node.address }));
    this.news++;
    node.owner = undefined;
    node.sayAgain();
    if (state.secretOf(node.address).owned === true) node.take(await state.renewKey(node.address));
  }

  stop(): void {
    this.stopped = true;
    this.retry?.cancel();
    this.leaving?.cancel();
  }

  /** Nobody owns it but perhaps itself; then the registry has dropped what was changed since. */
  private isFree(): void {
    const { node } = this;
    node.owner = undefined;
    node.removed = false;
    node.sayAgain();
    const claimCode = node.claimCodeAt(this.parts.service.registry);
    if (claimCode !== undefined) this.parts.events.emit('claimable', { claimCode, ...nodeOf(node) });
    void this.tell();
  }

  private later(wait: number): void {
    if (this.stopped || this.node.left || this.retry !== undefined) return;
    // The registry must read the acknowledgement before it reads that the thing is here again [0347 3.17].
    this.retry = this.parts.clock.after(wait, () => void this.again(), 'register again');
  }

  /** Says what waits, by itself: nobody hears how it goes but the log. */
  private async tell(): Promise<void> {
    try {
      await this.update();
    } catch (error) {
      this.parts.log.warn('The registry refused an update of this thing.', {
        nodeId: this.node.address.nodeId,
        error: String(error),
      });
    }
  }

  private async say(): Promise<UpdateOutcome> {
    const { node, news } = this;
    if (node.removed) return 'removed';
    const tags = node.unsaid;
    if (tags.length === 0) return 'done';
    if (!node.isOwned || node.left || this.stopped) return 'later';
    try {
      const isDisowned = await this.ask(tags);
      if (!isDisowned) node.said(tags);
      else if (news === this.news) await this.disowned();
      return isDisowned ? 'later' : 'done';
    } catch (error) {
      return this.refused(error, tags);
    }
  }

  private async ask(tags: readonly Tag[]): Promise<boolean> {
    const { session, service } = this.parts;
    const row = rowOf('update', service.generation);
    const command = { node: this.node.address, tags };
    return row.readAnswer(await session.ask('set', service.registry, row.writeRequest(command))).disowned;
  }

  /** What the registry does not take is not said again; what it did not hear is, at the next login. */
  private refused(error: unknown, tags: readonly Tag[]): UpdateOutcome {
    if (error instanceof HubError && error.code === 'recipient-unavailable') return 'later';
    if (!(error instanceof RequestRefused)) throw error;
    if (error.condition === 'item-not-found') {
      this.removed();
      return 'removed';
    }
    this.node.said(tags);
    throw error;
  }
}
