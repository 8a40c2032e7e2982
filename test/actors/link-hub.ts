import { rowOf } from '../../src/dialects/table.js';
import { Mdns } from '../../src/discovery/mdns/mdns.js';
import type { NodePart } from '../../src/domain/command.js';
import { HubError } from '../../src/domain/errors.js';
import type { World } from '../../src/system/world.js';
import { element } from '../../src/xmpp/element.js';
import { Host } from '../../src/xmpp/host.js';
import { LinkLocalEndpoint } from '../../src/xmpp/link-local/endpoint.js';
import { linkLimits } from '../../src/xmpp/link-local/endpoint-options.js';
import { NS } from '../../src/xmpp/namespaces.js';
import type { Peer } from '../../src/xmpp/peer.js';
import { PendingRequests } from '../../src/xmpp/pending-requests.js';
import type { TestCertificate } from '../world/certificates.js';

const PROVISIONING = 'urn:nf:iot:prov:d:1.0';
const NODE: NodePart = { nodeId: '', sourceId: '', cacheType: '' };

/** A hub on the link that a test plays: it takes every thing, and answers as it is told. */
export class LinkHub {
  readonly instance: string;
  /** Who registered, in order. */
  readonly registered: string[] = [];
  /** What it was asked, as `canRead bob@pi`. */
  readonly asked: string[] = [];
  /** The certificates that peers showed when they registered. */
  readonly certificates = new Map<string, string | undefined>();
  /** Bare JIDs of those who may read and befriend everything. */
  readonly welcome = new Set<string>();
  /** Bare JIDs that it does not hear. */
  readonly refused = new Set<string>();
  /** Whose the things are. */
  owner: string | undefined;
  private readonly user: string;
  private readonly mdns: Mdns;
  private readonly endpoint: LinkLocalEndpoint;
  private readonly pending: PendingRequests;

  /** `chain` is the hub's certificate, those that signed it behind it; none for a hub that speaks in clear only. */
  constructor(name: string, user: string, chain: readonly TestCertificate[], world: World) {
    this.instance = `${user}@${name}`;
    this.mdns = new Mdns({ name }, world);
    this.pending = new PendingRequests(world.clock, world.random);
    const host = this.host(world);
    const [leaf] = chain;
    const key = leaf?.key.export({ type: 'pkcs8', format: 'pem' }).toString() ?? '';
    const cert = chain.map(({ x509 }) => x509.toString()).join('');
    this.endpoint = new LinkLocalEndpoint(
      {
        listen: ['::'],
        port: 5298,
        instance: () => this.instance,
        presences: this.mdns.browse('_presence._tcp'),
        certificate: () => ({ key, cert }),
        limits: linkLimits,
        admit: (jid) => (this.refused.has(jid) ? 'refused' : 'unverified'),
        isPinned: () => false,
        receive: (stanza, peer) => host.receive(stanza, peer.jid, peer),
        gone: () => undefined,
      },
      world,
    );
    this.user = user;
  }

  async start(): Promise<void> {
    await this.endpoint.start();
    const { port } = this.endpoint;
    this.mdns.publish({ type: '_presence._tcp', user: this.user, port, txt: [['txtvers', '1']] });
    await this.mdns.start();
  }

  async stop(): Promise<void> {
    await this.endpoint.stop();
    await this.mdns.stop();
  }

  /** Tells a thing something; resolves with the type of its answer. */
  async tells(jid: string, operation: 'claimed' | 'disowned' | 'clear-cache'): Promise<string | undefined> {
    const command = { node: NODE, owner: this.owner ?? '', public: true };
    const payload = rowOf(operation, 'nf').writeRequest(command as never);
    const reply = await this.pending.ask(this.peer(jid), this.instance, payload, 10_000);
    return reply.attribute('type');
  }

  /** Recommends or ends a friendship. */
  recommends(jid: string, operation: 'friend' | 'unfriend', friend: string): void {
    const payload = rowOf(operation, 'nf').writeRequest({ jid: friend });
    this.peer(jid).send(element('message', NS.client, {}, payload));
  }

  private peer(jid: string): Peer {
    const peer = this.endpoint.peer(jid);
    if (peer === undefined) throw new Error(`${jid} is not announced`);
    return peer;
  }

  private host(world: World): Host {
    const identity = { category: 'component', type: 'generic', name: 'hub' };
    const host = new Host(
      { serves: () => true, identity, features: [PROVISIONING] },
      this.pending,
      world.log,
    );
    const register = rowOf('register', 'nf');
    host.add({
      kind: 'iq',
      types: ['set'],
      ns: register.ns,
      name: register.name,
      handle: (payload, { peer }) => {
        register.readRequest(payload);
        this.registered.push(peer.jid.bare);
        this.certificates.set(peer.jid.bare, peer.certificate);
        const { owner } = this;
        return register.writeAnswer(owner === undefined ? undefined : { owner, public: true, node: NODE });
      },
    });
    const canRead = rowOf('can-read', 'nf');
    host.add({
      kind: 'iq',
      types: ['get'],
      ns: canRead.ns,
      name: canRead.name,
      handle: (payload) => {
        const { jid, categories } = canRead.readRequest(payload);
        this.asked.push(`canRead ${jid}`);
        const result = this.welcome.has(jid);
        return canRead.writeAnswer({ jid, result, categories, nodes: [], fields: [] });
      },
    });
    const isFriend = rowOf('is-friend', 'nf');
    host.add({
      kind: 'iq',
      types: ['get'],
      ns: isFriend.ns,
      name: isFriend.name,
      handle: (payload) => {
        const { jid } = isFriend.readRequest(payload);
        this.asked.push(`isFriend ${jid}`);
        if (jid === 'nobody@knows') throw new HubError('recipient-unavailable');
        const result = this.welcome.has(jid);
        return isFriend.writeAnswer({ jid, result, pending: false, secondaryTrust: false });
      },
    });
    return host;
  }
}
