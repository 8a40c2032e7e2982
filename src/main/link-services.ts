import type { Config } from '../config/schema.js';
import type { AuditRepeats } from '../services/audit-repeats.js';
import type { Courier } from '../services/notices.js';
import type { Owners } from '../services/owner/owners.js';
import type { RuleBook } from '../services/owner/rule-book.js';
import { LinkRegistrations } from '../services/trust/link-registrations.js';
import { LinkTrust } from '../services/trust/link-trust.js';
import { Refusals } from '../services/trust/refusals.js';
import { ReportRefusals } from '../services/trust/report-refusals.js';
import { TrustPeer } from '../services/trust/trust-peer.js';
import type { Store } from '../storage/store.js';
import type { World } from '../system/world.js';
import type { HubAddresses } from './addresses.js';
import type { Indexes } from './indexes.js';

/** What trust on the link stands on. */
export interface LinkParts {
  readonly store: Store;
  readonly indexes: Indexes;
  readonly owners: Owners;
  readonly courier: Courier;
  readonly addresses: HubAddresses;
  readonly repeats: AuditRepeats;
}

/** Who is heard under which name on the link, joined. */
export class LinkServices {
  readonly trust: LinkTrust;
  readonly registrations: LinkRegistrations;
  readonly refusals = new Refusals();
  private readonly reserved: (jid: string) => boolean;

  constructor(config: Config, parts: LinkParts, { clock, log }: World) {
    const { store, indexes, owners, courier, addresses, repeats: audit } = parts;
    const { things, pins, linkThings: waiting } = indexes;
    const { refusals } = this;
    const own = log.part('link');
    const report = new ReportRefusals({ store, things, owners, refusals, audit, log: own }, clock);
    // A name of the hub's own domain, or of an owner elsewhere, is no name of the link, however it looks there.
    this.reserved = (jid) => addresses.isOwn(jid) || owners.isTrusted(jid);
    this.trust = new LinkTrust(pins, this.reserved, (jid, certificate) => report.refused(jid, certificate));
    const reached = (jid: string) => courier.reaches(jid);
    const offered = (jid: string, certificate: string) => report.offered(jid, certificate);
    const { linkThings, linkRegistrationsPerMinute: perMinute, things: all } = config.limits;
    const limits = { perMinute, unclaimed: linkThings, pins: all };
    this.registrations = new LinkRegistrations({ things, pins, waiting, reached, offered }, limits, clock);
  }

  /** How owners say which certificate a name has; `book` knows what is whose. */
  trustPeer(store: Store, book: RuleBook, { clock }: Pick<World, 'clock'>): TrustPeer {
    return new TrustPeer(store, this.refusals, book, this.reserved, clock);
  }
}
