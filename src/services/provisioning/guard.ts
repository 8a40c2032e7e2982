import { deviceAddress } from '../../domain/node-address.js';
import type { SettingsIndex } from '../../storage/indexes/settings-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import type { Store } from '../../storage/store.js';
import type { Log } from '../../system/log.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { AskOwner } from './ask-owner.js';
import type { Friendships } from './friendships.js';

/** What the guard stands on. */
export interface GuardParts {
  readonly store: Pick<Store, 'damage'>;
  readonly things: ThingIndex;
  readonly settings: SettingsIndex;
  readonly friendships: Friendships;
  readonly ask: AskOwner;
  readonly audit: AuditRepeats;
  readonly log: Log;
}

/**
 * Keeps things and strangers apart at the hub itself, so that a thing which asks nobody is protected all the same
 * (`provisioning.guard`, or a thing's own setting). Owner and hub always reach a thing; others once they are its friends.
 * All addresses are bare JIDs.
 */
export class Guard {
  private readonly parts: GuardParts;
  private readonly byDefault: boolean;

  /** `byDefault` holds for things without a setting of their own. */
  constructor(parts: GuardParts, byDefault: boolean) {
    this.parts = parts;
    this.byDefault = byDefault;
  }

  /** Whether one may send the other something. */
  allows(from: string, to: string): boolean {
    if (from === to) return true;
    return this.lets(to, from) && this.lets(from, to);
  }

  /** Asks in the place of a thing that somebody wants to befriend. */
  asksFor(to: string, from: string): void {
    const { ask, log } = this.parts;
    if (!this.guarded(to)) return;
    ask.run('friend', deviceAddress(to), from)?.catch((error: unknown) => {
      log.error('A question for an owner was not kept.', { thing: to, about: from, error: String(error) });
    });
  }

  /** Notes what was kept away. */
  refused(from: string, to: string): void {
    const [thing, stranger] = this.guarded(to) ? [to, from] : [from, to];
    this.parts.audit.note('guard', thing, stranger, 'kept away');
  }

  private lets(thing: string, other: string): boolean {
    if (!this.guarded(thing)) return true;
    const { store, friendships } = this.parts;
    if (store.damage !== undefined) return friendships.isOwn(thing, other);
    return friendships.decide(thing, other).result === 'yes';
  }

  private guarded(device: string): boolean {
    const { things, settings } = this.parts;
    return (settings.get(device).guard ?? this.byDefault) && things.countOf(device) > 0;
  }
}
