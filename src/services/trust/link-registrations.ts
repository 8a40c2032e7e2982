import { isOnLink } from '../../domain/assurance.js';
import type { Caller } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { formatAddress, type NodeAddress } from '../../domain/node-address.js';
import { pinRefusal } from '../../domain/pin.js';
import type { Thing } from '../../domain/thing.js';
import type { LinkThing, LinkThingIndex } from '../../storage/indexes/link-thing-index.js';
import type { PinIndex } from '../../storage/indexes/pin-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { linkThings, pins, things } from '../../storage/keys.js';
import type { Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import { RateLimit } from '../rate-limit.js';
import { addressOf } from '../registry/claim-hash.js';
import { leaveRegistry } from '../registry/leave-registry.js';

/** What registrations over the link stand on. */
export interface LinkRegistrationParts {
  readonly things: ThingIndex;
  readonly pins: PinIndex;
  readonly waiting: LinkThingIndex;
  /** Whether a thing (bare JID) could be told something now. */
  readonly reached: (jid: string) => boolean;
  /** Hears of one whose thing is owned and not pinned, and who shows a certificate. */
  readonly offered: (jid: string, certificate: string) => void;
}

/** How much comes over the link. */
export interface LinkLimits {
  /** Registrations per minute of all those together who are known by name alone. */
  readonly perMinute: number;
  /** Things that registered over the link and that nobody else owns. */
  readonly unclaimed: number;
  /** Names with a certificate. */
  readonly pins: number;
}

/** Most things, and most pins, that give way to one: what comes at the same time may have gone over the limit. */
const MOST_OUT = 2;

/**
 * What is special about a registration over the link, where names are free: it may pin its name, and one host that
 * invents names fills nothing up.
 */
export class LinkRegistrations {
  private readonly parts: LinkRegistrationParts;
  private readonly limits: LinkLimits;
  private readonly rate: RateLimit;
  private readonly clock: Clock;

  constructor(parts: LinkRegistrationParts, limits: LinkLimits, clock: Clock) {
    this.parts = parts;
    this.limits = limits;
    this.rate = new RateLimit(limits.perMinute, clock);
    this.clock = clock;
  }

  /** Whether one more registration is taken now. Those known by name alone share a limit, for names cost nothing. */
  welcomes(caller: Caller): boolean {
    return caller.assurance !== 'unverified' || this.rate.take('');
  }

  /**
   * Pins the name of one who registers with a certificate, and has none yet; returns him as sure as he is then. The name
   * of a thing that is owned already is not pinned so: whoever comes first with a certificate could be anybody. Refuses
   * with wrong-certificate.
   */
  async pin(transaction: Transaction, caller: Caller): Promise<Caller> {
    const { jid, assurance, certificate } = caller;
    if (!isOnLink(assurance)) return caller;
    const pin = await transaction.get(pins, jid);
    if (pin !== undefined && pin.certificate !== certificate)
      throw new HubError('wrong-certificate', pinRefusal(jid));
    if (pin === undefined) {
      if (certificate === undefined || (await isOwned(transaction, jid)))
        return { ...caller, assurance: 'unverified' };
      await this.makeRoomForPin(transaction);
      const since = this.clock.now();
      transaction.put(pins, jid, { jid, certificate, since });
      await appendAudit(transaction, {
        at: since,
        what: 'pin',
        by: jid,
        about: certificate,
        outcome: 'done',
      });
    }
    return { ...caller, assurance: 'certificate' };
  }

  /** Keeps a new thing that nobody else owns in mind; beyond the limit another one that nobody claimed gives way. */
  async note(transaction: Transaction, thing: Thing, caller: Caller): Promise<void> {
    const { waiting } = this.parts;
    const address = addressOf(thing);
    if (!isOnLink(caller.assurance) || hasOwner(thing)) {
      if (waiting.has(address)) transaction.delete(linkThings, address);
      return;
    }
    if (!waiting.has(address)) await this.makeRoom(transaction);
    transaction.put(linkThings, address, this.clock.now());
  }

  /** Reports a certificate that pinned nothing because the thing is owned; after the registration. */
  report({ jid, assurance, certificate }: Caller): void {
    const { things: known, pins: pinned, offered } = this.parts;
    if (!isOnLink(assurance) || certificate === undefined || pinned.get(jid) !== undefined) return;
    if (known.of(jid).some(({ owner }) => owner !== undefined)) offered(jid, certificate);
  }

  /**
   * The one that is away goes first, then the oldest. Refusing the newest instead would let whoever fills the room keep
   * every new thing of the home out until somebody cleans up; what was put out registers anew when it speaks next, and a
   * host has but few names that are announced at a time.
   */
  private async makeRoom(transaction: Transaction): Promise<void> {
    let out = Math.min(this.parts.waiting.count - this.limits.unclaimed + 1, MOST_OUT);
    if (out <= 0) return;
    for (const { address } of this.inOrderOfLeaving()) {
      if (out === 0) return;
      if ((await transaction.get(linkThings, address)) === undefined) continue;
      transaction.delete(linkThings, address);
      out--;
      await this.putOut(transaction, address);
    }
  }

  private async putOut(transaction: Transaction, address: NodeAddress): Promise<void> {
    const thing = await transaction.get(things, address);
    if (thing === undefined || hasOwner(thing)) return;
    const at = this.clock.now();
    await leaveRegistry(transaction, thing, at);
    const outcome = 'gave way to a newer thing that nobody owns';
    await appendAudit(transaction, {
      at,
      what: 'unregister',
      by: 'hub',
      thing: formatAddress(address),
      outcome,
    });
  }

  private inOrderOfLeaving(): LinkThing[] {
    const { things: known, waiting, reached } = this.parts;
    const ranked = [...waiting.all()].map((one) => {
      const thing = known.get(one.address);
      const rank = thing === undefined || hasOwner(thing) ? 0 : reached(one.address.jid) ? 2 : 1;
      return { one, rank };
    });
    return ranked.sort((a, b) => a.rank - b.rank || a.one.at - b.one.at).map(({ one }) => one);
  }

  /** There are no more things than pins, so that some pin protects nothing any more: the oldest of those goes. */
  private async makeRoomForPin(transaction: Transaction): Promise<void> {
    const { pins: pinned, things: known } = this.parts;
    const wanted = Math.min(pinned.count - this.limits.pins + 1, MOST_OUT);
    if (wanted <= 0) return;
    const idle = [...pinned.all()].filter(({ jid }) => known.countOf(jid) === 0);
    let gone = 0;
    for (const { jid } of idle.sort((a, b) => a.since - b.since)) {
      if (gone === wanted) return;
      if ((await transaction.get(pins, jid)) === undefined) continue;
      transaction.delete(pins, jid);
      gone++;
    }
    if (gone === 0) throw new HubError('limit-reached');
  }
}

/** Whether somebody owns the thing; to say so of oneself costs nothing. */
function hasOwner({ jid, owner }: Pick<Thing, 'jid' | 'owner'>): boolean {
  return owner !== undefined && owner !== jid;
}

async function isOwned(transaction: Transaction, jid: string): Promise<boolean> {
  for await (const [, { owner }] of transaction.scan(things, { prefix: `${joinKey([jid])}\u0000` }))
    if (owner !== undefined) return true;
  return false;
}
