import { addressKey } from '../plain-address.js';
import type { EndpointOptions } from './endpoint-options.js';
import type { LinkPeer } from './link-peer.js';
import { isAt, jidOf, type LinkPresence, type LinkPresenceChange } from './link-presence.js';

/** The peers that are announced now, ourselves left out [0174 4]. */
export class LinkPeers {
  private readonly options: EndpointOptions;
  private readonly make: (found: LinkPresence) => LinkPeer | undefined;
  private readonly byJid = new Map<string, LinkPeer>();
  /** By address without zone: whoever says no name costs no walk through all. */
  private readonly byAddress = new Map<string, Set<LinkPeer>>();
  private readonly followers = new Set<() => void>();
  private unfollow: (() => void) | undefined;

  /** `make` makes the peer of a presence whose name is an address. */
  constructor(options: EndpointOptions, make: (found: LinkPresence) => LinkPeer | undefined) {
    this.options = options;
    this.make = make;
  }

  /** Follows the presences. */
  start(): void {
    const { presences } = this.options;
    this.unfollow = presences.onChange((change) => this.changed(change));
    for (const found of presences.all()) this.appear(found);
  }

  /** Follows them no more; those that are known stay, so that their streams can end. */
  stop(): void {
    this.unfollow?.();
    this.unfollow = undefined;
    this.followers.clear();
  }

  /** All that are known. */
  all(): readonly LinkPeer[] {
    return [...this.byJid.values()].filter((peer) => !this.isOwn(peer.jid.bare));
  }

  /** The peer of this instance; case does not count. */
  find(instance: string): LinkPeer | undefined {
    const jid = jidOf(instance)?.bare;
    if (jid === undefined || this.isOwn(jid)) return undefined;
    return this.byJid.get(jid);
  }

  /** Whether somebody is announced at this address. */
  isPlace(address: string): boolean {
    return this.byAddress.has(addressKey(address));
  }

  /** The only peer that is announced at this address; `undefined` where there are several. */
  soleAt(address: string): LinkPeer | undefined {
    let sole: LinkPeer | undefined;
    for (const peer of this.byAddress.get(addressKey(address)) ?? []) {
      if (this.isOwn(peer.jid.bare) || !isAt(peer.presence, address)) continue;
      if (sole !== undefined) return undefined;
      sole = peer;
    }
    return sole;
  }

  /** Calls the listener whenever a peer came or moved; returns what ends that. */
  follow(listener: () => void): () => void {
    this.followers.add(listener);
    return () => this.followers.delete(listener);
  }

  private changed({ kind, found }: LinkPresenceChange): void {
    if (kind !== 'down') this.appear(found);
    else this.disappear(found);
  }

  private appear(found: LinkPresence): void {
    const jid = jidOf(found.instance)?.bare;
    if (jid === undefined) return;
    const known = this.byJid.get(jid);
    if (known === undefined) {
      const peer = this.make(found);
      if (peer === undefined) return;
      this.byJid.set(jid, peer);
      this.place(peer);
      // A rival has our name until one of both takes another: then he is met.
      if (!this.isOwn(jid)) this.options.came?.(peer);
    } else if (isSameName(known.presence, found)) {
      this.displace(known);
      known.presence = found;
      this.place(known);
    }
    for (const follower of [...this.followers]) follower();
  }

  private disappear(found: LinkPresence): void {
    const jid = jidOf(found.instance)?.bare;
    const peer = jid === undefined ? undefined : this.byJid.get(jid);
    if (jid === undefined || peer === undefined || !isSameName(peer.presence, found)) return;
    this.byJid.delete(jid);
    this.displace(peer);
    peer.end();
    if (!this.isOwn(jid)) this.options.gone(peer);
    const other = this.options.presences.all().find(({ instance }) => jidOf(instance)?.bare === jid);
    if (other !== undefined) this.appear(other);
  }

  private place(peer: LinkPeer): void {
    for (const key of peer.presence.addresses.map(addressKey))
      this.byAddress.set(key, (this.byAddress.get(key) ?? new Set()).add(peer));
  }

  private displace(peer: LinkPeer): void {
    for (const key of peer.presence.addresses.map(addressKey)) {
      const peers = this.byAddress.get(key);
      peers?.delete(peer);
      if (peers?.size === 0) this.byAddress.delete(key);
    }
  }

  private isOwn(jid: string): boolean {
    return jid === this.options.instance().toLowerCase();
  }
}

/** In DNS the case of ASCII letters alone does not count: others may differ there, and be one address. */
function isSameName(one: LinkPresence, other: LinkPresence): boolean {
  return asciiLower(one.instance) === asciiLower(other.instance);
}

function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
