import { Mdns, type Publication } from '../../src/discovery/mdns/mdns.js';
import type { World } from '../../src/system/world.js';
import type { Element } from '../../src/xmpp/element.js';
import { LinkLocalEndpoint } from '../../src/xmpp/link-local/endpoint.js';
import { linkLimits } from '../../src/xmpp/link-local/endpoint-options.js';
import { identityOf } from '../link-local/link-stage.js';
import { TestCertificate } from '../world/certificates.js';
import { until } from '../xmpp/recording.js';
import { Hearing } from './hearing.js';
import { stanza } from './pattern.js';
import type { Role } from './role.js';

const PRESENCE = '_presence._tcp';

/** A thing of a story that has no server: announced on the link, with a certificate of its own. */
export class LinkRole implements Role {
  readonly jid: string;
  private readonly user: string;
  private readonly machine: string;
  private readonly hub: string;
  private readonly world: World;
  private readonly certificate: TestCertificate;
  private readonly hearing: Hearing;
  private endpoint: LinkLocalEndpoint | undefined;
  private mdns: Mdns | undefined;

  /** `hub` is the hub's instance; who has no certificate given has one of his own. */
  constructor(user: string, machine: string, hub: string, world: World, certificate?: TestCertificate) {
    this.user = user;
    this.machine = machine;
    this.jid = `${user}@${machine}`;
    this.hub = hub;
    this.world = world;
    this.certificate = certificate ?? new TestCertificate({ name: user });
    this.hearing = new Hearing(user);
  }

  /** Is announced, if it is not, and waits until it sees the hub. */
  async arrives(): Promise<void> {
    if (this.endpoint === undefined) {
      this.hearing.clear();
      await this.announces();
    }
    await until(() => this.endpoint?.peer(this.hub) !== undefined, `${this.hub} for ${this.jid}`);
  }

  async leaves(): Promise<void> {
    const { endpoint, mdns } = this;
    this.endpoint = undefined;
    this.mdns = undefined;
    await endpoint?.stop();
    await mdns?.stop();
  }

  /** To whomever it is addressed, it goes to the hub. */
  sends(xml: string): void {
    const hub = this.endpoint?.peer(this.hub);
    if (hub === undefined) throw new Error(`${this.jid} does not see ${this.hub}`);
    hub.send(stanza(xml));
  }

  receives(pattern: string): Promise<Element> {
    return this.hearing.take(pattern);
  }

  get unread(): readonly Element[] {
    return this.hearing.unread;
  }

  private async announces(): Promise<void> {
    const mdns = new Mdns({ name: this.machine }, this.world);
    const identity = identityOf(this.certificate);
    let publication: Publication | undefined;
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const endpoint = new LinkLocalEndpoint(
      {
        listen: ['::'],
        port: 0,
        instance: () => publication?.instance ?? this.jid,
        presences: mdns.browse(PRESENCE),
        certificate: () => identity,
        limits: linkLimits,
        settled: () => settled,
        admit: () => 'unverified',
        isPinned: () => false,
        receive: (element) => this.hearing.hear(element),
        gone: () => undefined,
      },
      this.world,
    );
    this.mdns = mdns;
    this.endpoint = endpoint;
    await endpoint.start();
    publication = mdns.publish({
      type: PRESENCE,
      user: this.user,
      port: endpoint.port,
      txt: [['txtvers', '1']],
    });
    await mdns.start();
    settle();
  }
}
