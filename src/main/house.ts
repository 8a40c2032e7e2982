import type { Config } from '../config/schema.js';
import { writeQuestion } from '../dialects/owner-question.js';
import { HubError } from '../domain/errors.js';
import { Jid } from '../domain/jid.js';
import type { RosterItem } from '../domain/roster-item.js';
import { Owners } from '../services/owner/owners.js';
import { RosterServices } from '../services/roster/roster-services.js';
import type { Store } from '../storage/store.js';
import { version } from '../system/version.js';
import type { World } from '../system/world.js';
import type { Host } from '../xmpp/host.js';
import type { Peer } from '../xmpp/peer.js';
import { PendingRequests } from '../xmpp/pending-requests.js';
import { type Destination, Router } from '../xmpp/router.js';
import { AccountServices } from './account-services.js';
import { HubAddresses } from './addresses.js';
import { ChallengeByIq } from './challenge-port.js';
import { Contacts } from './contacts.js';
import { Core } from './core.js';
import { type Edge, Edges } from './edges.js';
import { GuardedAccounts } from './guarded-accounts.js';
import { type Answered, domainHost, hubHost } from './hosts.js';
import { HubChat } from './hub-chat.js';
import { HubCourier, noticeFacts } from './hub-courier.js';
import { HubPresence } from './hub-presence.js';
import { Indexes } from './indexes.js';

/** Most questions that one who comes is reminded of. */
const REMINDERS = 100;

/** All rooms of the hub, joined, before any door is open. Everything follows the store, so it is made before that starts. */
export class House {
  readonly addresses: HubAddresses;
  readonly indexes = new Indexes();
  readonly accounts: AccountServices;
  readonly rosters: RosterServices;
  readonly owners: Owners;
  readonly router: Router;
  readonly core: Core;
  readonly chat: HubChat;
  /** Registry and provisioning, as they are asked. */
  readonly hub: Host;
  private readonly pending: PendingRequests;
  private readonly contacts: Contacts;
  private readonly courier: HubCourier;
  private presence: HubPresence | undefined;
  private readonly edges = new Edges();

  constructor(config: Config, domain: string, store: Store, world: World) {
    const { clock, random, log } = world;
    this.addresses = new HubAddresses(domain);
    this.indexes.follow(store);
    this.accounts = new AccountServices(config, store, domain, (jid) => this.indexes.concern(jid), world);
    this.rosters = new RosterServices(store, config.limits.rosterItems);
    this.owners = new Owners(() => this.accounts.owners(), config.trust.owner);
    this.router = new Router(log.part('router'));
    this.pending = new PendingRequests(clock, random);
    this.contacts = new Contacts(this.edges);
    const { addresses, indexes, owners, contacts, pending, router } = this;
    const contactsOf = (jid: string) => this.contactsOf(jid);
    this.courier = new HubCourier(
      addresses.hub,
      noticeFacts(addresses.hub, indexes),
      contacts,
      pending,
      router,
      log.part('outbox'),
    );
    const { courier } = this;
    const port = new ChallengeByIq(contacts, pending);
    const isGone = this.accounts.isGone.bind(this.accounts);
    const parts = { store, indexes, owners, courier, addresses, port, isGone, contactsOf };
    this.core = new Core(config, parts, world);
    const chatFacts = {
      mayOwn: (jid: string) => owners.mayOwn(jid),
      isHub: (jid: string) => addresses.isHub(jid),
    };
    this.chat = new HubChat(chatFacts, clock, log.part('chat'));
    this.hub = this.addHosts(world);
  }

  /** An edge is there: its sessions are how things and owners are reached, those of edges joined earlier first. */
  connect(edge: Edge): void {
    this.edges.add(edge);
    edge.onReachable(({ jid }) => {
      this.core.outbox.reachable(jid.bare);
      this.remind(jid.bare);
    });
    edge.onGone((peer) => {
      this.contacts.gone(peer);
      this.pending.gone(peer);
    });
  }

  /** The local accounts, with things behind their guard. */
  guarded(accounts: Destination): Destination {
    return new GuardedAccounts(accounts, this.core.provisioning.guard);
  }

  /**
   * Asks a device (bare JID) for its friendship, as its installer expects it [0324 3.1.1]: that is how trust is delegated
   * to the hub. Refuses with account-not-found.
   */
  befriend(device: string): void {
    const jid = Jid.parse(device);
    const known =
      jid.domain === this.addresses.domain && this.accounts.directory.find(jid.local) !== undefined;
    if (!known) throw new HubError('account-not-found');
    this.follow(jid);
  }

  /** The roster of a local account (bare JID), whole; empty for others. */
  roster(jid: string): readonly RosterItem[] {
    const { local, domain } = Jid.parse(jid);
    if (domain !== this.addresses.domain) return [];
    return [...this.rosters.directory.of(local).values()];
  }

  /** Whether this bare JID is connected now. */
  connected(jid: string): boolean {
    return this.edges.sessionsOf(jid).length > 0;
  }

  /** The sessions of this bare JID, those that take its stanzas first in front. */
  reached(jid: string): readonly Peer[] {
    const first = this.contacts.reach(jid).map(({ peer }) => peer);
    return [...new Set([...first, ...this.edges.sessionsOf(jid)])];
  }

  /** Ends what waits for answers. */
  stop(): void {
    this.pending.stop();
  }

  private addHosts(world: World): Host {
    const { directory } = this.rosters;
    this.presence = new HubPresence(this.router, ({ local, domain }, contact) =>
      domain === this.addresses.domain ? directory.item(local, contact) : undefined,
    );
    const parts = {
      addresses: this.addresses,
      services: this.core.services,
      pending: this.pending,
      version,
      presence: this.presence.receive.bind(this.presence),
      chat: this.chat.receive.bind(this.chat),
      asking: (peer: Peer) => this.isThing(peer),
      answered: (peer: Peer, request: Answered) => {
        this.isThing(peer);
        if (request.generation === 'siot' && request.operation === 'register') this.follow(peer.jid);
      },
      log: world.log,
    };
    const hub = hubHost(parts);
    this.router.add(hub);
    this.router.add(domainHost(parts));
    return hub;
  }

  /** Who asks the hub as a thing does is there to be told what waits for it. */
  private isThing(peer: Peer): void {
    if (this.contacts.asked(peer)) this.core.outbox.reachable(peer.jid.bare);
  }

  /** Whoever registers in Simple IoT is asked for its presence [siot 4]. */
  private follow(jid: Jid): void {
    const hub = this.indexes.things.of(jid.bare)[0]?.hub ?? this.addresses.hub;
    this.presence?.follow(jid.toBare(), Jid.parse(hub));
  }

  /** An owner's program that comes gets the questions again that wait for him: nothing lists them there. */
  private remind(owner: string): void {
    const manner = this.indexes.manners.get(owner);
    if (manner === undefined || !this.owners.mayOwn(owner)) return;
    const { outbox } = this.core;
    const asked = this.indexes.questions
      .to(owner)
      .filter(({ told = [] }) => !told.some((seq) => outbox.has(seq)));
    const written = asked.slice(0, REMINDERS).flatMap((question) => writeQuestion(question, manner) ?? []);
    this.courier.remind(owner, written);
  }

  /** Whom a local account follows or is followed by, or asked to follow; nobody is known of others. */
  private contactsOf(jid: string): string[] {
    const items = this.roster(jid).filter(({ subscription, ask }) => subscription !== 'none' || ask);
    return items.map((item) => item.jid);
  }
}
