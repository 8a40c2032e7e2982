import type { Jid } from '../domain/jid.js';
import type { World } from '../system/world.js';
import { Host } from '../xmpp/host.js';
import { NS } from '../xmpp/namespaces.js';
import type { Answers } from './answers.js';
import { KeepAlive } from './client/keep-alive.js';
import { Roster } from './client/roster.js';
import type { Session } from './client/session.js';
import { Control } from './control.js';
import type { Listeners, ThingEvents } from './events.js';
import { Friendship } from './friendship.js';
import { FriendGuard } from './guard.js';
import { findService, type HubService } from './hub-service.js';
import type { NodeSet } from './node-set.js';
import type { ThingOptions } from './options.js';
import { pushHandlers } from './pushes.js';
import { Readout } from './readout.js';
import type { Registration } from './registration.js';
import { Registrations } from './registrations.js';
import type { State } from './state.js';
import type { ThingNode } from './thing-node.js';

/** What a thing brings along when it attends at a hub. */
export interface AttendanceParts {
  readonly session: Session;
  readonly options: ThingOptions;
  readonly nodes: NodeSet;
  readonly state: State;
  readonly answers: Answers;
  readonly events: Listeners<ThingEvents>;
  readonly world: Pick<World, 'clock' | 'log'>;
}

/** One session of a thing, from login to its end: roster, discovery, registration, presence, then whatever comes. */
export class Attendance {
  private readonly parts: AttendanceParts;
  private readonly host: Host;
  private readonly roster: Roster;
  private readonly keepAlive: KeepAlive;
  private registrations: Registrations | undefined;
  private friendship: Friendship | undefined;

  constructor(parts: AttendanceParts) {
    const { session, options, world } = parts;
    this.parts = parts;
    this.roster = new Roster(session);
    this.keepAlive = new KeepAlive(session, world.clock);
    this.host = new Host(
      {
        serves: (to: Jid) => to.bare === session.jid.bare,
        identity: { category: 'client', type: 'bot', name: options.kind },
        presence: (stanza, _to, peer) => this.friendship?.presence(stanza, peer),
      },
      session.pending,
      world.log,
    );
  }

  /** Registers and appears. Rejects if the hub is not what a thing needs; the session is the caller's to close. */
  async start(): Promise<HubService> {
    const { session, options, nodes, state, answers, events, world } = this.parts;
    this.host.add(this.roster.pushHandler);
    this.host.add({ kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined });
    session.start(this.host);
    await this.roster.load();
    const service = await findService(session, options.generation);
    const friendship = this.befriend(service);
    const { clock, log } = world;
    const registrations = new Registrations(nodes, {
      session,
      service,
      friendship,
      answers,
      state,
      events,
      clock,
      log,
    });
    this.registrations = registrations;
    this.serve(service, registrations, friendship);
    await registrations.start();
    this.greet(service);
    this.keepAlive.start();
    return service;
  }

  stop(): void {
    this.keepAlive.stop();
    this.registrations?.stop();
  }

  /** The registration of a node, once the registry is found. */
  registrationOf(node: ThingNode): Registration | undefined {
    return this.registrations?.of(node);
  }

  private befriend(service: HubService): Friendship {
    const { session, nodes, answers, events, world } = this.parts;
    const { roster } = this;
    const { log } = world;
    this.friendship = new Friendship({ session, service, roster, nodes, answers, events, log });
    return this.friendship;
  }

  private serve(service: HubService, registrations: Registrations, friendship: Friendship): void {
    const { session, nodes, answers, events, world } = this.parts;
    const { clock, log } = world;
    for (const handler of pushHandlers({ service, registrations, friendship, answers, log }))
      this.host.add(handler);
    const guard = new FriendGuard(friendship, nodes);
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
  private greet({ generation, registry }: HubService): void {
    const { session, nodes } = this.parts;
    session.sendPresence();
    if (generation !== 'xmpp' || this.roster.follows(registry)) return;
    if (nodes.all.some(({ removed }) => !removed)) session.sendPresence('subscribe', registry);
  }
}
