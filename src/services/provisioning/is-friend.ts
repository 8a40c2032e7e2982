import type { Caller, IsFriend, IsFriendAnswer } from '../../domain/command.js';
import { deviceAddress } from '../../domain/node-address.js';
import type { Store } from '../../storage/store.js';
import type { Log } from '../../system/log.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { AskOwner } from './ask-owner.js';
import type { Friendships } from './friendships.js';

/**
 * A thing asks whether it may befriend somebody [0324 3.2.1]. What no rule answers is no, and a question to the thing's
 * owner that is on the disk before the thing hears the no, for it keeps that answer for months. It never hears an
 * error because the hub does not know, for it would keep that too.
 */
export class IsFriendOf {
  private readonly store: Store;
  private readonly friendships: Friendships;
  private readonly ask: AskOwner;
  private readonly audit: AuditRepeats;
  private readonly secondaryTrust: (thing: string) => boolean;
  private readonly log: Log;

  /** `secondaryTrust` says whether a thing (bare JID) may also ask others [0324 3.1.4]. */
  constructor(
    store: Store,
    friendships: Friendships,
    ask: AskOwner,
    audit: AuditRepeats,
    secondaryTrust: (thing: string) => boolean,
    log: Log,
  ) {
    this.store = store;
    this.friendships = friendships;
    this.ask = ask;
    this.audit = audit;
    this.secondaryTrust = secondaryTrust;
    this.log = log;
  }

  /** Decides from memory; waits for the disk only where a new question arises. */
  run({ jid }: IsFriend, caller: Caller): IsFriendAnswer | Promise<IsFriendAnswer> {
    const thing = caller.jid;
    const answer = (result: boolean, pending = false) => ({
      jid,
      result,
      pending,
      secondaryTrust: this.secondaryTrust(thing),
    });
    if (this.store.damage !== undefined) return answer(this.friendships.isOwn(thing, jid));
    const known = this.known(thing, jid);
    if (known !== undefined) return answer(known);
    const asked = this.ask.run('friend', deviceAddress(thing), jid);
    if (asked === undefined) return answer(false, this.ask.waits('friend', deviceAddress(thing), jid));
    return asked.then(
      // The owner may have decided meanwhile: a no that arrives after clearCache would be kept for months.
      () => {
        const now = this.store.damage === undefined ? this.known(thing, jid) : false;
        return answer(now ?? false, now === undefined);
      },
      (error: unknown) => {
        this.log.error('A question for an owner was not kept; the thing hears no.', {
          thing,
          about: jid,
          error: String(error),
        });
        return answer(false);
      },
    );
  }

  private known(thing: string, jid: string): boolean | undefined {
    const { result, why } = this.friendships.decide(thing, jid);
    if (result === 'unknown') return undefined;
    this.audit.note('is-friend', thing, jid, `${result} (${why})`);
    return result === 'yes';
  }
}
