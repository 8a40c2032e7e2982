import type { LinkVerdict } from '../../src/domain/pin.js';
import { SystemRandom } from '../../src/system/random.js';
import { type Element, element } from '../../src/xmpp/element.js';
import { LinkLocalEndpoint } from '../../src/xmpp/link-local/endpoint.js';
import {
  type EndpointOptions,
  type LinkIdentity,
  type LinkLimits,
  type LinkWorld,
  linkLimits,
} from '../../src/xmpp/link-local/endpoint-options.js';
import { NS } from '../../src/xmpp/namespaces.js';
import type { Peer } from '../../src/xmpp/peer.js';
import { show } from '../exchange/pattern.js';
import { TestCertificate } from '../world/certificates.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryHosts } from '../world/memory-hosts.js';
import { MemoryPresences } from '../world/memory-presences.js';
import { until } from '../xmpp/recording.js';
import { RawPeer } from './raw-peer.js';

/** A LAN in memory on which endpoints, and peers that write what they like, are announced. */
export class LinkStage {
  readonly hosts = new MemoryHosts();
  readonly presences = new MemoryPresences();
  readonly clock = new ManualClock();
  readonly log = new CollectedLog();
  private readonly started: LinkActor[] = [];

  /** Starts an endpoint and announces it. */
  async actor(instance: string, address: string, options: ActorOptions = {}): Promise<LinkActor> {
    const actor = new LinkActor(this, instance, address, options);
    this.started.push(actor);
    await actor.endpoint.start();
    if (options.announced !== false)
      this.presences.announce({ instance, port: actor.endpoint.port, addresses: [address] });
    return actor;
  }

  /** A listener at an address, announced, which a test plays. */
  async listener(instance: string, address: string, port = 5298): Promise<RawListener> {
    const listener = new RawListener();
    await this.hosts.host(address).listen({ host: '::', port }, (connection) => {
      listener.calls.push(new RawPeer(connection));
    });
    this.presences.announce({ instance, port, addresses: [address] });
    return listener;
  }

  /** Opens a connection from an address to an endpoint, as a socket would tell both. */
  async dials(from: string, { address, endpoint }: LinkActor, host = address): Promise<RawPeer> {
    return new RawPeer(await this.hosts.connectAs(from, { host, port: endpoint.port }));
  }

  /** Ends all. */
  async stop(): Promise<void> {
    await this.while(Promise.all(this.started.map((actor) => actor.endpoint.stop())));
  }

  /** Lets time pass until something is over. */
  async while(happens: Promise<unknown>): Promise<void> {
    let over = false;
    const end = () => {
      over = true;
    };
    happens.then(end, end);
    await until(() => {
      this.clock.advance(100);
      return over;
    });
    await happens;
  }
}

/** Connections that came to an address that a test plays. */
export class RawListener {
  readonly calls: RawPeer[] = [];

  /** The connection that came as the n-th. */
  async call(index = 0): Promise<RawPeer> {
    await until(() => this.calls.length > index, 'a call');
    const call = this.calls[index];
    if (call === undefined) throw new Error('no call');
    return call;
  }
}

/** What a test wants otherwise of an endpoint. */
export interface ActorOptions {
  readonly limits?: Partial<LinkLimits>;
  readonly certificate?: TestCertificate;
  readonly announced?: boolean;
  readonly more?: Partial<EndpointOptions>;
  readonly world?: Partial<LinkWorld>;
}

/** An endpoint with what it heard. Requests with a ping are answered. */
export class LinkActor {
  readonly instance: string;
  readonly address: string;
  readonly endpoint: LinkLocalEndpoint;
  readonly heard: { readonly stanza: Element; readonly peer: Peer; readonly assurance: string }[] = [];
  readonly events: string[] = [];
  readonly certificate: TestCertificate;
  /** Fingerprints by bare JID. */
  readonly pins = new Map<string, string>();
  /** Who was refused. */
  readonly refused: string[] = [];

  constructor(stage: LinkStage, instance: string, address: string, options: ActorOptions) {
    this.instance = instance;
    this.address = address;
    const { hosts, presences, clock, log } = stage;
    const { certificate = new TestCertificate({ name: instance }), limits, more } = options;
    this.certificate = certificate;
    const identity = identityOf(certificate);
    this.endpoint = new LinkLocalEndpoint(
      {
        listen: ['::'],
        port: 0,
        instance: () => instance,
        presences,
        certificate: () => identity,
        limits: { ...linkLimits, ...limits },
        admit: (jid, shown) => this.admit(jid, shown),
        isPinned: (jid) => this.pins.has(jid),
        receive: (stanza, peer) => this.receive(stanza, peer),
        came: (peer) => this.events.push(`${peer.jid.bare} came`),
        gone: (peer) => this.events.push(`${peer.jid.bare} gone`),
        ...more,
      },
      { clock, random: new SystemRandom(), network: hosts.host(address), log, ...options.world },
    );
  }

  /** The peer, which is announced. */
  peer(instance: string): Peer {
    const peer = this.endpoint.peer(instance);
    if (peer === undefined) throw new Error(`${instance} is not announced`);
    return peer;
  }

  /** Sends a chat message. */
  says(text: string, to: string): void {
    const body = element('body', NS.client, {}, text);
    this.peer(to).send(element('message', NS.client, { type: 'chat', from: 'hub.home.local' }, body));
  }

  /** Sends a request. */
  asks(id: string, to: string): void {
    const attributes = { type: 'get', id, from: 'hub.home.local' };
    this.peer(to).send(element('iq', NS.client, attributes, element('ping', NS.ping)));
  }

  /** Waits until so much was heard, and tells the last of it. */
  async hears(count = 1): Promise<string> {
    await until(() => this.heard.length >= count, 'a stanza');
    const last = this.heard[count - 1];
    return last === undefined ? '' : show(last.stanza);
  }

  /** The texts of the messages that were heard. */
  texts(): string[] {
    return this.heard.map(({ stanza }) => stanza.child('body')?.text()).filter((text) => text !== undefined);
  }

  private admit(jid: string, shown: string | undefined): LinkVerdict {
    const pin = this.pins.get(jid);
    if (pin === undefined) return 'unverified';
    if (pin === shown) return 'certificate';
    this.refused.push(jid);
    return 'refused';
  }

  private receive(stanza: Element, peer: Peer): void {
    this.heard.push({ stanza, peer, assurance: peer.assurance });
    if (stanza.name !== 'iq' || stanza.attribute('type') !== 'get') return;
    const { id, from, to } = stanza.attributes;
    peer.send(element('iq', NS.client, { type: 'result', id, from: to, to: from }));
  }
}

/** What an endpoint shows in TLS. */
export function identityOf(certificate: TestCertificate): LinkIdentity {
  return {
    key: certificate.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: certificate.x509.toString(),
  };
}

/** A header as ordinary clients write it; without a version unless one is given. */
export function header(attributes: { from?: string; to?: string; version?: string }): string {
  const text = Object.entries(attributes).map(([name, value]) => ` ${name}='${value}'`);
  return `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='${NS.streams}'${text.join('')}>`;
}
