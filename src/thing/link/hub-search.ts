import { discoveryNs } from '../../dialects/namespaces.js';
import { generations } from '../../domain/generation.js';
import type { Peer } from '../../xmpp/peer.js';
import { SessionError } from '../client/session-error.js';
import { featuresOf } from '../hub-service.js';
import type { HubTrust } from './hub-trust.js';
import type { LinkHub, LinkMemory } from './link-memory.js';
import type { LinkSession } from './link-session.js';

/** The user part under which hubs go; a registry by another name is found as well, but asked later. */
export const HUB_USER = 'hub';

/** Most presences that are asked at once what they are, and most that are remembered to be no hubs. */
const AT_ONCE = 8;
const MOST_DULL = 1000;

/** Where a hub is looked for. */
export interface SearchParts {
  readonly memory: Pick<LinkMemory, 'hub'>;
  readonly trust: HubTrust;
  /** All who are announced now. */
  readonly peers: () => readonly Peer[];
}

/** Finds the hub among those who are announced: what they can do decides, not their names. */
export class HubSearch {
  private readonly parts: SearchParts;
  /** Those who said that they have no registry, or nothing, as long as they are announced. */
  private readonly dull = new Set<string>();

  constructor(parts: SearchParts) {
    this.parts = parts;
  }

  /** Somebody came or left: what was said by him does not count. */
  forget({ jid }: Peer): void {
    this.dull.delete(jid.bare);
  }

  /**
   * The hub with what it proves, `undefined` if none of those who are here is one. A thing that belongs to a hub finds that
   * one only, also under another name. Asks by the session given. Rejects with authority-changed where somebody else speaks
   * in its name, and with not-encrypted where the only hub shows no certificate.
   */
  async look(session: LinkSession): Promise<LinkHub | undefined> {
    const { memory, trust, peers } = this.parts;
    const known = memory.hub;
    const here = peers();
    const named = here.filter(({ jid }) => jid.bare === known?.jid);
    const found = await this.ask(session, named);
    if (found !== undefined) return found;
    if (named.length > 0 && trust.hasImpostor) throw impostor(named[0]);
    const others = here.filter((peer) => !this.dull.has(peer.jid.bare) && !named.includes(peer));
    const hubs = others.filter(({ jid }) => jid.local === HUB_USER);
    const rest = others.filter(({ jid }) => jid.local !== HUB_USER);
    return (await this.askAll(session, hubs)) ?? this.askAll(session, rest);
  }

  private async askAll(session: LinkSession, peers: readonly Peer[]): Promise<LinkHub | undefined> {
    for (let at = 0; at < peers.length; at += AT_ONCE) {
      const found = await this.ask(session, peers.slice(at, at + AT_ONCE));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The first of these that has a registry and proves to be the hub that is looked for. */
  private async ask(session: LinkSession, peers: readonly Peer[]): Promise<LinkHub | undefined> {
    const { memory, trust } = this.parts;
    const proofs = await Promise.all(
      peers.map(async (peer) => {
        const features = await featuresOf(session, peer.jid.bare);
        if (hasRegistry(features)) return { peer, proof: trust.proofOf(peer) };
        this.bore(peer);
        return undefined;
      }),
    );
    const registries = proofs.filter((one) => one !== undefined);
    const wanted = memory.hub?.proof;
    for (const { peer, proof } of registries) {
      if (proof !== undefined && (wanted === undefined || proof.proof === wanted)) return proof;
      if (wanted !== undefined) this.bore(peer);
    }
    const [first] = registries;
    if (first === undefined || wanted !== undefined) return undefined;
    const text = `${first.peer.jid.bare} shows no certificate, so nothing is said to it.`;
    throw new SessionError('not-encrypted', text);
  }

  /** Who goes by the name of a hub may become one: it is asked again. */
  private bore({ jid }: Peer): void {
    if (jid.local !== HUB_USER && this.dull.size < MOST_DULL) this.dull.add(jid.bare);
  }
}

function hasRegistry(features: ReadonlySet<string> | undefined): boolean {
  return generations.some((generation) => features?.has(discoveryNs[generation]) === true);
}

function impostor(peer: Peer | undefined): SessionError {
  const text =
    `Somebody speaks as ${peer?.jid.bare} without the certificate authority that the hub had at first contact. ` +
    'If you set up the hub anew, make this thing forget its hub; if not, somebody may be pretending to be the hub.';
  return new SessionError('authority-changed', text);
}
