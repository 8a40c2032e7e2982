import { Jid } from '../../domain/jid.js';
import type { World } from '../../system/world.js';
import type { Element } from '../../xmpp/element.js';
import { LinkLocalEndpoint } from '../../xmpp/link-local/endpoint.js';
import type { LinkIdentity, LinkLimits, LinkTrustPort } from '../../xmpp/link-local/endpoint-options.js';
import type { LinkPresences } from '../../xmpp/link-local/link-presence.js';
import type { Peer } from '../../xmpp/peer.js';
import type { Destination, Router } from '../../xmpp/router.js';
import { errorReply, mayFail } from '../../xmpp/stanza.js';

/** What of the configuration is about messaging without a server. */
export interface LinkLocalOptions {
  readonly listen: readonly string[];
  /** The wanted port: any free one if it is taken. */
  readonly port: number;
  readonly limits: LinkLimits;
}

/** What the hub's edge on the link stands on. */
export interface LinkLocalParts {
  readonly world: World;
  readonly router: Router;
  readonly presences: LinkPresences;
  readonly trust: LinkTrustPort;
  /** What one hears under whose name nobody is let in. */
  readonly refusal: (jid: string) => string;
  /** What the hub shows in TLS. */
  readonly certificate: () => LinkIdentity;
  /** The hub's own presence, `hub@machine`, as it is now. */
  readonly instance: () => string;
  /** Whether a bare JID is the hub itself, under any of its addresses: the only ones that the link speaks to. */
  readonly isOwn: (to: Jid) => boolean;
  /** The answer to disco#info with the node that the presence names. */
  readonly info?: () => Element;
  /** Resolves once the hub's own presence is known to others. */
  readonly settled?: () => Promise<unknown>;
}

const INWARD = 'From the link only the hub itself is reached. Who is to reach others logs in to an account.';
const OUTWARD = 'On the link only the hub itself speaks: it has no names there for its accounts.';

type PeerListener = (peer: Peer) => void;

/** The hub's edge on the link: things and people without a server (XEP-0174). */
export class LinkLocal {
  /** The presences that are announced now. Only what the hub itself says leaves for them. */
  readonly destination: Destination;
  private readonly parts: LinkLocalParts;
  private readonly endpoint: LinkLocalEndpoint;
  private readonly reachable: PeerListener[] = [];
  private readonly gone: PeerListener[] = [];

  constructor(options: LinkLocalOptions, parts: LinkLocalParts) {
    const { trust } = parts;
    this.parts = parts;
    this.endpoint = new LinkLocalEndpoint(
      {
        ...options,
        presences: parts.presences,
        instance: parts.instance,
        certificate: parts.certificate,
        info: parts.info,
        settled: parts.settled,
        admit: trust.admit.bind(trust),
        isPinned: trust.isPinned.bind(trust),
        refusal: parts.refusal,
        receive: (stanza, peer) => this.receive(stanza, peer),
        came: (peer) => tell(this.reachable, peer),
        gone: (peer) => tell(this.gone, peer),
      },
      { ...parts.world, log: parts.world.log.part('link') },
    );
    this.destination = {
      serves: (to) => this.sessionsOf(to.bare).length > 0,
      receive: (stanza, to, from) => this.forward(stanza, to, from),
    };
  }

  /** Listens and follows the presences. Rejects with the system's error where it cannot listen at all. */
  start(): Promise<void> {
    return this.endpoint.start();
  }

  /** Says goodbye on all streams; within a second. */
  stop(): Promise<void> {
    return this.endpoint.stop();
  }

  /** The port in use, once started. */
  get port(): number {
    return this.endpoint.port;
  }

  /** The hub's own presence, `hub@machine`, as it is now. */
  get instance(): string {
    return this.parts.instance();
  }

  /** A presence with this bare JID that is announced now: one session. */
  sessionsOf(bare: string): readonly Peer[] {
    const peer = this.endpoint.peer(bare);
    return peer === undefined ? [] : [peer];
  }

  /** The same: who is announced is available. */
  availableOf(bare: string): readonly Peer[] {
    return this.sessionsOf(bare);
  }

  /** Calls the listener whenever a presence appears. */
  onReachable(listener: PeerListener): void {
    this.reachable.push(listener);
  }

  /** Calls the listener whenever a presence is not announced any more. */
  onGone(listener: PeerListener): void {
    this.gone.push(listener);
  }

  /** Those who speak here reach the hub itself alone: an XMPP network is nothing to them [0174 13.2]. */
  private receive(stanza: Element, peer: Peer): void {
    const to = Jid.tryParse(stanza.attribute('to') ?? '');
    if (to === undefined || this.parts.isOwn(to)) this.parts.router.route(stanza, peer);
    else if (mayFail(stanza)) peer.send(errorReply(stanza, 'forbidden', INWARD));
  }

  /** What the hub itself says leaves; what an account says would leave in the hub's name. */
  private forward(stanza: Element, to: Jid, from: Peer): void {
    if (from.edge === 'local') this.endpoint.peer(to.bare)?.send(stanza);
    else if (stanza.name !== 'presence' && mayFail(stanza))
      from.send(errorReply(stanza, 'service-unavailable', OUTWARD));
  }
}

function tell(listeners: readonly PeerListener[], peer: Peer): void {
  for (const listener of listeners) listener(peer);
}
