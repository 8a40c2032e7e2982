import type { Jid } from '../domain/jid.js';
import type { World } from '../system/world.js';
import { Host } from '../xmpp/host.js';
import { SessionError } from './client/session-error.js';
import type { Company } from './company.js';
import { Control } from './control.js';
import { Delegation } from './delegation.js';
import type { Listeners, ThingEvents } from './events.js';
import type { Friendship } from './friendship.js';
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
import type { Session } from './session.js';
import type { ThingNode } from './thing-node.js';
import { TrustDesk } from './trust-desk.js';

/** What capabilities call the library (XEP-0115 §4). */
const NODE = 'urn:hearth:thing';

/** What a thing brings along when it attends at a hub. */
export interface AttendanceParts {
  readonly session: Session;
  readonly company: Company;
  readonly options: ThingOptions;
  readonly nodes: NodeSet;
  readonly memory: Memory;
  readonly events: Listeners<ThingEvents>;
  readonly world: Pick<World, 'clock' | 'log' | 'random'>;
}

/** One session of a thing, from its beginning to its end: discovery, registration, presence, then whatever comes. */
export class Attendance {
  private readonly parts: AttendanceParts;
  private readonly host: Host;
  private readonly relations: Relations;
  private readonly delegation: Delegation;
  private registrations: Registrations | undefined;
  private friendship: Friendship | undefined;

  constructor(parts: AttendanceParts) {
    const { session, company, options, memory, world } = parts;
    const { whereabouts } = company;
    const { trust, answers, tokens: keeper } = memory;
    this.parts = parts;
    this.relations = new Relations({
      session,
      whereabouts,
      trust,
      answers,
      keeper,
      role: 'device',
      world,
    });
    this.delegation = new Delegation(options, world.clock, world.log);
    this.host = new Host(
      {
        serves: (to: Jid) => to.bare === session.jid.bare,
        identity: { category: 'client', type: 'bot', name: options.kind },
        node: NODE,
        presence: (stanza, _to, peer) => company.presence(stanza, peer),
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
    const { session, company, options, nodes } = this.parts;
    for (const handler of company.handlers) this.host.add(handler);
    session.start(this.host);
    await company.load();
    const offer = await findOffer(session, options.generation);
    if (!hasRegistry(offer) && options.onDelegation === undefined) throw noRegistry(session);
    await this.trust(offer);
    const friendship = this.friends(offer);
    this.serve(offer, friendship);
    if (hasRegistry(offer)) await this.register(offer, friendship);
    const listed = nodes.all.some(({ removed }) => !removed);
    company.appear(offer, { listed, capabilities: this.host.capabilities });
    return offer;
  }

  stop(): void {
    this.parts.company.stop();
    this.delegation.stop();
    this.relations.stop();
    this.registrations?.stop();
  }

  /** The registration of a node, once the registry is found. */
  registrationOf(node: ThingNode): Registration | undefined {
    return this.registrations?.of(node);
  }

  /** Asks another for its friendship. */
  async befriend(jid: string): Promise<Befriended> {
    if (this.friendship === undefined)
      throw new SessionError('unreachable', 'The thing is not connected yet.');
    return this.friendship.ask(jid);
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
    const { session, company, nodes, memory, events, world } = this.parts;
    const { delegation } = this;
    const { authorities, tokens } = this.relations;
    const { whereabouts } = company;
    const { trust, answers } = memory;
    const { log } = world;
    const desk = new TrustDesk({
      session,
      trust,
      authorities,
      answers,
      delegation,
      whereabouts,
      tokens,
      events,
      log,
    });
    this.friendship = company.befriended({ registry, nodes, authorities, trust, desk, events, log });
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
}
