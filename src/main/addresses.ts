import type { Jid } from '../domain/jid.js';

/** The local part under which registry and provisioning answer as accounts: what TXT `regis` and `provis` name. */
export const HUB_ALIAS = 'hub';

/** The hub's own addresses. The domain never changes after the first start; host names do. */
export class HubAddresses {
  readonly domain: string;
  /** Registry and provisioning: a bare domain, as components have. */
  readonly hub: string;
  /** The same as an account of the domain, for those who go by the TXT record. */
  readonly alias: string;
  private presence: (() => string) | undefined;

  constructor(domain: string) {
    this.domain = domain;
    this.hub = `hub.${domain}`;
    this.alias = `${HUB_ALIAS}@${domain}`;
  }

  /** The hub is met on the link too, under this instance, which a conflict there may change. */
  meetAs(presence: () => string): void {
    this.presence = presence;
  }

  /** The hub's address on the link, `hub@machine` in lower case [0174 3]; `undefined` where it is not met there. */
  get link(): string | undefined {
    return this.presence?.().toLowerCase();
  }

  /** Whether this bare JID is the hub itself, under any of its addresses. */
  isHub(bare: string): boolean {
    return bare === this.hub || bare === this.alias || bare === this.domain || bare === this.link;
  }

  /** Whether this bare JID lies in the hub's own domain: the hub itself, and the local accounts. */
  isOwn(bare: string): boolean {
    return this.isHub(bare) || bare.endsWith(`@${this.domain}`);
  }

  /** Whether stanzas to this address go to registry and provisioning. */
  servesHub(to: Jid): boolean {
    return to.bare === this.hub || to.bare === this.alias || to.bare === this.link;
  }

  /** Whether stanzas to this address go to the domain itself. */
  servesDomain(to: Jid): boolean {
    return to.bare === this.domain;
  }
}
