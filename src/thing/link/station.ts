import { Mdns, type Publication } from '../../discovery/mdns/mdns.js';
import type { Service } from '../../discovery/mdns/zone.js';
import { Jid } from '../../domain/jid.js';
import type { World } from '../../system/world.js';
import type { Capabilities } from '../../xmpp/capabilities.js';
import type { Element } from '../../xmpp/element.js';
import { LinkLocalEndpoint } from '../../xmpp/link-local/endpoint.js';
import { type LinkTrustPort, linkLimits } from '../../xmpp/link-local/endpoint-options.js';
import type { Peer } from '../../xmpp/peer.js';
import { SessionError } from '../client/session-error.js';
import type { CertificatePair } from '../own-certificate.js';

/** The type under which those are found who speak without a server [0174 3]. */
const PRESENCE = '_presence._tcp';

/** Who is announced, and who judges others. */
export interface StationOptions {
  /** The user part of the presence. */
  readonly user: string;
  /** The host name: one label. */
  readonly host: string;
  readonly certificate: CertificatePair;
  readonly trust: LinkTrustPort;
}

/** What happens at a station. */
export interface StationEvents {
  /** A stanza came, its `from` verified as far as that can be. */
  receive(stanza: Element, peer: Peer): void;
  /** Somebody is announced. */
  came(peer: Peer): void;
  /** Somebody is not announced any more. */
  gone(peer: Peer): void;
  /** Somebody broke a stream off, for a reason of RFC 6120 §4.9.3 and in words of his own. */
  broken(peer: Peer, condition: string, text: string | undefined): void;
  /** Another device took the name, which was announced already. */
  lost(): void;
}

/** A thing's place on the link: its presence, the presences of others, and the streams between them (XEP-0174). */
export class Station {
  private readonly options: StationOptions;
  private readonly mdns: Mdns;
  private readonly endpoint: LinkLocalEndpoint;
  private publication: Publication | undefined;
  /** The name that it was announced by; it has no other. */
  private name = '';
  private announced: () => void = () => {};
  private isUp = false;

  constructor(options: StationOptions, events: StationEvents, world: World) {
    const { host, certificate, trust } = options;
    this.options = options;
    this.mdns = new Mdns({ name: host, isOwnName: true }, world);
    this.mdns.onRename(() => {
      if (this.isUp && this.isRenamed) events.lost();
    });
    const settled = new Promise<void>((resolve) => {
      this.announced = resolve;
    });
    this.endpoint = new LinkLocalEndpoint(
      {
        listen: ['::'],
        port: 0,
        instance: () => this.name,
        presences: this.mdns.browse(PRESENCE),
        certificate: () => ({ key: certificate.key, cert: certificate.certificate }),
        limits: linkLimits,
        settled: () => settled,
        admit: trust.admit.bind(trust),
        isPinned: trust.isPinned.bind(trust),
        receive: events.receive.bind(events),
        came: events.came.bind(events),
        gone: events.gone.bind(events),
        broken: events.broken.bind(events),
      },
      world,
    );
  }

  /** Listens, and announces the presence. Rejects with name-taken, and with `unreachable` where it cannot listen. */
  async start(): Promise<void> {
    try {
      await this.endpoint.start();
    } catch (cause) {
      throw new SessionError('unreachable', `The thing cannot listen: ${String(cause)}.`, { cause });
    }
    const { user } = this.options;
    const { port } = this.endpoint;
    this.publication = this.mdns.publish({ type: PRESENCE, user, port, txt: this.text() });
    this.name = this.publication.instance;
    await this.mdns.start();
    if (this.isRenamed)
      throw new SessionError('name-taken', `Another device on this network goes by ${this.name}.`);
    this.isUp = true;
    this.announced();
  }

  /** Says goodbye and ends all streams. Never rejects. */
  async stop(): Promise<void> {
    this.isUp = false;
    this.announced();
    await this.endpoint.stop();
    await this.mdns.stop();
  }

  /** Our own presence; known once the station started. */
  get jid(): Jid {
    return Jid.parse(this.name);
  }

  /** Somebody (bare JID) who is announced now. */
  peer(bare: string): Peer | undefined {
    return this.endpoint.peer(bare);
  }

  /** All who are announced now. */
  peers(): readonly Peer[] {
    return this.endpoint.peers();
  }

  /** Our presence says what the thing can do (XEP-0115, [0174 3.2]). */
  describe(capabilities: Capabilities): void {
    this.publication?.update({ txt: this.text(capabilities) });
  }

  private text(capabilities?: Capabilities): Service['txt'] {
    const { node = '', hash = '', ver = '' } = capabilities ?? {};
    const more = { node, hash, ver };
    return [
      ['txtvers', '1'],
      ['port.p2pj', String(this.endpoint.port)],
      ['status', 'avail'],
      ['nick', this.options.user],
      ...(capabilities === undefined ? [] : Object.entries(more)),
    ];
  }

  private get isRenamed(): boolean {
    return this.publication !== undefined && this.publication.instance !== this.name;
  }
}
