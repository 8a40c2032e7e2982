import type { Jid } from '../domain/jid.js';
import type { Tag } from '../domain/tag.js';
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
import type { ThingOptions } from './options.js';
import { pushHandlers } from './pushes.js';
import { Readout } from './readout.js';
import { Registration } from './registration.js';

/** What a thing brings along when it attends at a hub. */
export interface AttendanceParts {
  readonly session: Session;
  readonly options: ThingOptions;
  /** All tags of the thing, KEY among them. */
  readonly tags: readonly Tag[];
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
  private registration: Registration | undefined;
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
    const { session, options, events, world } = this.parts;
    this.host.add(this.roster.pushHandler);
    this.host.add({ kind: 'iq', types: ['get'], ns: NS.ping, name: 'ping', handle: () => undefined });
    session.start(this.host);
    await this.roster.load();
    const service = await findService(session, options.generation);
    const { clock, log } = world;
    const registration = new Registration({ session, service, tags: this.parts.tags, events, clock, log });
    this.registration = registration;
    this.serve(service, registration);
    await registration.register();
    this.greet(service);
    this.keepAlive.start();
    return service;
  }

  stop(): void {
    this.keepAlive.stop();
    this.registration?.stop();
  }

  private serve(service: HubService, registration: Registration): void {
    const { session, options, answers, events, world } = this.parts;
    const { clock, log } = world;
    const owner = () => registration.owner;
    const friendship = new Friendship({
      session,
      service,
      roster: this.roster,
      answers,
      events,
      log,
      owner,
    });
    this.friendship = friendship;
    const guard = new FriendGuard(friendship);
    for (const handler of pushHandlers({ service, registration, friendship, answers, clock, log }))
      this.host.add(handler);
    const { fields = [], parameters = [] } = options;
    const node = session.jid.local;
    if (fields.length > 0) this.host.add(new Readout({ fields, node, guard, events, clock, log }).handler);
    if (parameters.length === 0) return;
    const control = new Control({ parameters, title: options.kind, guard, events, log });
    for (const handler of control.handlers) this.host.add(handler);
  }

  /**
   * Presence comes last: the hub tells what it kept for the thing, and shows requests for friendship, to those only
   * who are present. The XEP's own registries want to be befriended first [0347 3.4].
   */
  private greet({ generation, registry }: HubService): void {
    const { session } = this.parts;
    session.sendPresence();
    if (generation === 'xmpp' && !this.roster.follows(registry)) session.sendPresence('subscribe', registry);
  }
}
