import { HubError } from '../../domain/errors.js';
import { deviceAddress } from '../../domain/node-address.js';
import { pins, things } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import { joinKey } from '../../storage/table.js';
import type { Clock } from '../../system/clock.js';
import { appendAudit } from '../audit-trail.js';
import type { RuleBook } from '../owner/rule-book.js';
import type { Refusals } from './refusals.js';

/** What became of the pin of a name: fingerprints in lower-case hex, `undefined` for none. */
export interface TrustChange {
  readonly jid: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

/** Stands for the administrator of the machine, who decides about names that nobody owns. */
const LOCAL = 'local';

const WHOLE = /^[0-9a-f]{64}$/;
const BEGINNING = /^[0-9a-f]{8,64}$/;

/**
 * An owner says which certificate speaks under the name of a thing of his on the link, or that none is needed: after it
 * lost its key, or began to have one.
 */
export class TrustPeer {
  private readonly store: Store;
  private readonly refusals: Refusals;
  private readonly book: Pick<RuleBook, 'mustOwn'>;
  private readonly reserved: (jid: string) => boolean;
  private readonly clock: Clock;

  /** `reserved` says of a bare JID that it is no name of the link. */
  constructor(
    store: Store,
    refusals: Refusals,
    book: Pick<RuleBook, 'mustOwn'>,
    reserved: (jid: string) => boolean,
    clock: Clock,
  ) {
    this.store = store;
    this.refusals = refusals;
    this.book = book;
    this.reserved = reserved;
    this.clock = clock;
  }

  /**
   * Pins the name (bare JID) to the certificate that was refused under it: the only one, or the one that `wanted` names
   * by its fingerprint or the beginning of that; the one it is pinned to stays so. A whole fingerprint may be one that was never seen. `by` is an owner's
   * bare JID, or `local` for what nobody owns. Refuses with item-not-found what is not his and where nothing was
   * refused, and with bad-request where several were, and for what is no name of the link.
   */
  async run(jid: string, wanted: string | undefined, by: string): Promise<TrustChange> {
    this.mustBeOfLink(jid);
    const pin = await this.store.get(pins, jid);
    const certificate = this.choose(jid, wanted, pin?.certificate);
    return this.change(jid, certificate, by);
  }

  /** Takes the pin away: anybody may speak under the name then. Refuses with item-not-found where there is none. */
  async forget(jid: string, by: string): Promise<TrustChange> {
    return this.change(jid, undefined, by);
  }

  private async change(jid: string, certificate: string | undefined, by: string): Promise<TrustChange> {
    const before = await this.store.transact(async (transaction) => {
      await this.mustDecide(transaction, jid, by);
      const pin = await transaction.get(pins, jid);
      if (certificate === undefined && pin === undefined)
        throw new HubError('item-not-found', `${jid} has no certificate to forget.`);
      if (certificate === pin?.certificate) return certificate;
      const at = this.clock.now();
      if (certificate === undefined) transaction.delete(pins, jid);
      else transaction.put(pins, jid, { jid, certificate, since: at });
      await appendAudit(transaction, {
        at,
        what: certificate === undefined ? 'unpin' : 'pin',
        by,
        thing: jid,
        about: certificate ?? pin?.certificate ?? '',
        outcome: 'done',
      });
      return pin?.certificate;
    });
    this.refusals.forget(jid);
    return { jid, before, now: certificate };
  }

  private mustBeOfLink(jid: string): void {
    if (!this.reserved(jid)) return;
    throw new HubError('bad-request', `${jid} is known by its account, not by a certificate on the link.`);
  }

  private async mustDecide(transaction: Transaction, jid: string, by: string): Promise<void> {
    if (by !== LOCAL) return this.book.mustOwn(transaction, deviceAddress(jid), by);
    for await (const [, { owner }] of transaction.scan(things, { prefix: `${joinKey([jid])}\u0000` }))
      if (owner !== undefined && owner !== jid) throw new HubError('owner-only');
  }

  private choose(jid: string, wanted: string | undefined, pinned: string | undefined): string {
    const { certificates, inClear } = this.refusals.of(jid);
    if (wanted !== undefined)
      return named(wanted, [...certificates, ...(pinned === undefined ? [] : [pinned])]);
    const [only, ...more] = certificates;
    if (only === undefined) throw nothingRefused(jid, inClear);
    if (more.length === 0) return only;
    // Whoever else uses the name would only have to be the last one to be refused.
    const all = [...certificates].reverse().join(', ');
    throw new HubError(
      'bad-request',
      `Several certificates were refused under ${jid}, the latest first: ${all}. Compare with what the thing shows, and say which with: --fingerprint`,
    );
  }
}

function named(text: string, certificates: readonly string[]): string {
  const digits = text.replaceAll(/[:\s…]/g, '').toLowerCase();
  if (WHOLE.test(digits)) return digits;
  if (!BEGINNING.test(digits))
    throw new HubError(
      'bad-request',
      `"${text}" is no fingerprint. Write at least its first 8 digits, in hex.`,
    );
  const [only, ...more] = certificates.filter((fingerprint) => fingerprint.startsWith(digits));
  if (only === undefined)
    throw new HubError(
      'item-not-found',
      `No certificate that the hub has seen under this name begins with ${digits}. Write all 64 digits.`,
    );
  if (more.length > 0)
    throw new HubError('bad-request', `Several certificates begin with ${digits}. Write more of it.`);
  return only;
}

function nothingRefused(jid: string, inClear: boolean): HubError {
  const text = inClear
    ? `Whoever spoke as ${jid} showed no certificate. If your thing is fine, its own certificate stays with: --fingerprint. If it lost it, and is to speak without one: hearth things trust ${jid} --forget`
    : `Nothing was refused under ${jid} since this hub started. Let the thing try once, or name its certificate with: --fingerprint`;
  return new HubError('item-not-found', text);
}
