import type { LinkVerdict } from '../../domain/pin.js';
import type { LinkTrustPort } from '../../xmpp/link-local/endpoint-options.js';
import type { Peer } from '../../xmpp/peer.js';
import type { LinkHub, LinkMemory } from './link-memory.js';

/** Most certificates of which is remembered who signed them. */
const MOST = 256;

/**
 * Whom a thing believes on the link: the hub of the first contact speaks with the certificate authority that it had
 * then, and nobody else speaks in its name. Others are known by their names alone.
 */
export class HubTrust implements LinkTrustPort {
  private readonly memory: Pick<LinkMemory, 'hub'>;
  /** Certificate authorities by the certificates that they signed, as far as they were shown. */
  private readonly authorities = new Map<string, string>();
  private wasRefused = false;

  constructor(memory: Pick<LinkMemory, 'hub'>) {
    this.memory = memory;
  }

  admit(jid: string, certificate: string | undefined, authority: string | undefined): LinkVerdict {
    if (certificate !== undefined && authority !== undefined) this.remember(certificate, authority);
    const { hub } = this.memory;
    if (hub === undefined || hub.jid !== jid) return 'unverified';
    const isHub = certificate !== undefined && (authority ?? certificate) === hub.proof;
    this.wasRefused = !isHub;
    return isHub ? 'certificate' : 'refused';
  }

  isPinned(jid: string): boolean {
    return this.memory.hub?.jid === jid;
  }

  /** What a peer that was heard proves: its authority, or its certificate; `undefined` for nothing. */
  proofOf({ jid, certificate }: Peer): LinkHub | undefined {
    if (certificate === undefined) return undefined;
    return { jid: jid.bare, proof: this.authorities.get(certificate) ?? certificate };
  }

  /** Whether the last one that spoke in the hub's name was not the hub. */
  get hasImpostor(): boolean {
    return this.wasRefused;
  }

  private remember(certificate: string, authority: string): void {
    this.authorities.delete(certificate);
    const [oldest] = this.authorities.keys();
    if (this.authorities.size >= MOST && oldest !== undefined) this.authorities.delete(oldest);
    this.authorities.set(certificate, authority);
  }
}
