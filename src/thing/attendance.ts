import type { Jid } from '../domain/jid.js';
import type { World } from '../system/world.js';
import { Host } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';
import { KeepAlive } from './client/keep-alive.js';
import { Roster } from './client/roster.js';
import type { Session } from './client/session.js';
import { Control } from './control.js';
import { Delegation } from './delegation.js';
import type { Listeners, ThingEvents } from './events.js';
import { Friendship } from './friendship.js';
import { Guard } from './guard.js';
import { findOffer, type HubService, hasRegistry, noRegistry, type Offer } from './hub-service.js';
import type { Memory } from './memory.js';
import type { NodeSet } from './node-set.js';
import type { ThingOptions } from './options.js';
import type { Befriended } from './others/befriending.js';
import type { Others } from './others/others.js';
import { provisioningHandlers, registryHandlers } from './pushes.js';
import { Readout } from './readout.js';
import type { Registration } from './registration.js';
import { Registrations } from './registrations.js';
import { Relations } from './relations.js';
import type { ThingNode } from './thing-node.js';
import { TrustDesk } from './trust-desk.js';

/** What a thing brings along when it attends at a hub. */
export interface AttendanceParts {
  readonly session: Session;
  readonly options: ThingOptions;
  readonly nodes: NodeSet;
  readonly memory: Memory;
  readonly events: Listeners<ThingEvents>;
  readonly world: Pick<World, 'clock' | 'log' | 'random'>;
}

/** One session of a thing, from login to its end: roster, discovery, registration, presence, then whatever comes. */
export class Attendance {
  private readonly parts: AttendanceParts;
  private readonly host: Host;
  private readonly roster: Roster;
  private readonly keepAlive: KeepAlive;
  private readonly relations: Relations;
  private readonly delegation: Delegation;
  private registrations: Registrations | undefined;
  private friendship: Friendship | undefined;

  constructor(parts: AttendanceParts) {
    const { session, options, memory, world } = parts;
    const { trust, answers, tokens: keeper } = memory;
    this.parts = parts;
    this.relations = new Relations({ session, trust, answers, keeper, role: 'device', world });
    this.delegation = new Delegation(options, world.clock, world.log);
    this.roster = new Roster(session);
    this.keepAlive = new KeepAlive(session, world.clock);
    this.host = new Host(
      {
        serves: (to: Jid) => to.bare === session.jid.bare,
        identity: { category: 'client', type: 'bot', name: options.kind },
        presence: (stanza, _to, peer) => {
          this.relations.presence(stanza, peer.jid);
          this.friendship?.presence(stanza, peer);
        },
      },
      session.pending,
      world.log,
    );
  }

  /**
   * Registers and appears. Rejects if the hub is not what a thing needs; the session is the caller's to close. One with a
   * button needs no registry: whoever is accepted there decides about it [0324 3.1.1].
   */
  async start(): Promise<Offer> {
    const { session, options } = this.parts;
    this.host.add(this.roster.pushHandler);
    this.host.add({ kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined });
    session.start(this.host);
    await this.roster.load();
    const offer = await findOffer(session, options.generation);
    if (!hasRegistry(offer) && options.onDelegation === undefined) throw noRegistry(session);
    await this.trust(offer);
    const friendship = this.friends(offer);
    this.serve(offer, friendship);
    if (hasRegistry(offer)) await this.register(offer, friendship);
    this.greet(offer);
    this.keepAlive.start();
    return offer;
  }

  stop(): void {
    this.keepAlive.stop();
    this.delegation.stop();
    this.relations.stop();
    this.registrations?.stop();
  }

  /** The registration of a node, once the registry is found. */
  registrationOf(node: ThingNode): Registration | undefined {
    return this.registrations?.of(node);
  }

  /** Asks another for its friendship. */
  befriend(jid: string): Promise<Befriended> {
    return this.relations.befriending.ask(jid);
  }

  /** For reading and setting other things. */
  get others(): Others {
    return this.relations.others;
  }

  /** Whom discovery found decides, unless trust is locked; what was said before does not hold for him [0324 6.2]. */
  private async trust({ provisioning, generation }: Offer): Promise<void> {
    const { trust, answers } = this.parts.memory;
    const found = provisioning === undefined ? undefined : { jid: provisioning, generation };
    if (await trust.found(found)) await answers.clear();
  }

  private friends({ registry }: Offer): Friendship {
    const { session, nodes, memory, events, world } = this.parts;
    const { roster, relations, delegation } = this;
    const { authorities, presences, tokens } = relations;
    const { trust, answers } = memory;
    const { log } = world;
    const desk = new TrustDesk({
      session,
      trust,
      authorities,
      answers,
      delegation,
      presences,
      tokens,
      events,
      log,
    });
    const parts = { session, registry, roster, nodes, authorities, trust, desk, events, log };
    this.friendship = new Friendship(parts);
    return this.friendship;
  }

  private async register(service: HubService, friendship: Friendship): Promise<void> {
    const { session, nodes, memory, events, world } = this.parts;
    const { state, answers } = memory;
    const { clock, log } = world;
    const parts = { session, service, friendship, answers, state, events, clock, log };
    const registrations = new Registrations(nodes, parts);
    this.registrations = registrations;
    for (const handler of registryHandlers({ service, registrations })) this.host.add(handler, false);
    await registrations.start();
  }

  private serve({ registry }: Offer, friendship: Friendship): void {
    const { session, nodes, memory, events, world } = this.parts;
    const { clock, log } = world;
    const { authorities, handlers } = this.relations;
    const { answers, trust } = memory;
    // Only who serves a registry or provisions has that as a feature [0324 4].
    for (const handler of provisioningHandlers({ friendship, authorities, answers, log }))
      this.host.add(handler, false);
    for (const handler of handlers) this.host.add(handler, false);
    const guard = new Guard({ nodes, authorities, trust, registry, log });
    const has = (what: 'fields' | 'parameters') =>
      nodes.all.some(({ description }) => (description[what] ?? []).length > 0);
    const name = session.jid.local;
    if (has('fields')) this.host.add(new Readout({ nodes, name, guard, events, clock, log }).handler);
    if (!has('parameters')) return;
    for (const handler of new Control({ nodes, guard, events, log }).handlers) this.host.add(handler);
  }

  /**
   * Presence comes last: the hub tells what it kept for the thing, and shows requests for friendship, to those only
   * who are present. The XEP's own registries want to be befriended, as long as there is something to say [0347 5.3].
   */
  private greet({ generation, registry }: Offer): void {
    const { session, nodes } = this.parts;
    session.sendPresence();
    if (generation !== 'xmpp' || registry === undefined || this.roster.follows(registry)) return;
    if (nodes.all.some(({ removed }) => !removed)) session.sendPresence('subscribe', registry);
  }
}
