import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import { notices } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import type { AuditRepeats } from '../audit-repeats.js';
import { notify } from '../notices.js';
import type { Owners } from '../owner/owners.js';
import type { Refusals } from './refusals.js';

/** How long an owner is told nothing more of a name, in milliseconds of monotonic time. */
const REST = 600_000;

/** How many names are kept apart. */
const MEMORY = 1000;

/** What the reports stand on. */
export interface ReportParts {
  readonly store: Store;
  readonly things: ThingIndex;
  readonly owners: Owners;
  readonly refusals: Refusals;
  readonly audit: AuditRepeats;
  readonly log: Log;
}

/**
 * Tells of those who spoke on the link under a name that is not known to be theirs: a line in the audit, and a word to
 * the thing's owner, or to the hub's owners where it has none. One word for a burst: not again while it waits to be
 * read, nor within ten minutes. Names without owner share one, for whoever likes can make many.
 */
export class ReportRefusals {
  private readonly parts: ReportParts;
  private readonly clock: Clock;
  /** When owners were last told, by name; the empty one stands for all that nobody owns. */
  private readonly told = new Map<string, number>();

  constructor(parts: ReportParts, clock: Clock) {
    this.parts = parts;
    this.clock = clock;
  }

  /** Somebody spoke under a pinned name without its certificate. */
  refused(jid: string, certificate: string | undefined): void {
    this.note(jid, certificate, 'refused: not the certificate of this name');
    this.tell(
      jid,
      `Somebody on your network spoke as ${jid} without the certificate of that name, and was refused. ` +
        `Is it your thing, reset or with new firmware? Then run: hearth things trust ${jid}. ` +
        'If not, another device uses its name; it was given nothing.',
    );
  }

  /** A thing that is owned, and whose name has no certificate yet, shows one: told once, it may never change. */
  offered(jid: string, certificate: string): void {
    const isKnown = this.parts.refusals.of(jid).certificates.includes(certificate);
    this.note(jid, certificate, 'not trusted: the thing is owned already');
    if (isKnown) return;
    this.tell(
      jid,
      `${jid}, which is known by its name alone, shows a certificate now. ` +
        `If your thing is on, and you gave it one, let nobody speak as ${jid} without it: hearth things trust ${jid}`,
    );
  }

  private note(jid: string, certificate: string | undefined, outcome: string): void {
    this.parts.refusals.note(jid, certificate);
    this.parts.audit.note('link', jid, certificate ?? 'no certificate', outcome);
  }

  private tell(jid: string, text: string): void {
    const { owned, owners } = this.receivers(jid);
    if (owners.length === 0 || !this.isDue(owned ? jid : '')) return;
    this.parts.store
      .transact(async (transaction) => {
        for (const owner of owners) await this.tellOne(transaction, owner, text);
      })
      .catch((error: unknown) => {
        this.parts.log.error('An owner was not told of a refused thing.', {
          thing: jid,
          error: String(error),
        });
      });
  }

  private isDue(name: string): boolean {
    const now = this.clock.monotonic();
    const last = this.told.get(name);
    if (last !== undefined && now - last < REST) return false;
    this.told.delete(name);
    if (this.told.size >= MEMORY) this.told.delete(this.told.keys().next().value ?? '');
    this.told.set(name, now);
    return true;
  }

  /** What waits to be read says it already. */
  private async tellOne(transaction: Transaction, owner: string, text: string): Promise<void> {
    for await (const [, { to, body }] of transaction.scan(notices))
      if (to === owner && body.operation === 'tell' && body.text === text) return;
    await notify(transaction, { to: owner, body: { operation: 'tell', text }, createdAt: this.clock.now() });
  }

  private receivers(jid: string): { readonly owned: boolean; readonly owners: readonly string[] } {
    const { things, owners } = this.parts;
    const all = things.of(jid).flatMap(({ owner }) => (owner && owners.mayOwn(owner) ? [owner] : []));
    const its = [...new Set(all)];
    return its.length > 0 ? { owned: true, owners: its } : { owned: false, owners: owners.local() };
  }
}
