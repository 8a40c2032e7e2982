import type { NodePart } from '../domain/command.js';
import type { Timer } from '../system/clock.js';
import { systemWorld, type World } from '../system/world.js';
import { Attendance } from './attendance.js';
import { Backoff } from './backoff.js';
import { AccountEntrance } from './client/account-entrance.js';
import { SessionError } from './client/session-error.js';
import type { Entrance } from './entrance.js';
import { Listeners, type ThingEvents } from './events.js';
import { LinkEntrance } from './link/link-entrance.js';
import { Memory } from './memory.js';
import { NodeSet } from './node-set.js';
import type { NodeName, TagValues, ThingOptions } from './options.js';
import type { Befriended } from './others/befriending.js';
import type {
  ControlAnswer,
  ControlOptions,
  ControlValue,
  Others,
  ReadAnswer,
  ReadOptions,
} from './others/others.js';
import type { Registration, UpdateOutcome } from './registration.js';
import type { ThingAddress } from './registry.js';
import type { Session } from './session.js';
import { silentLog } from './silent-log.js';
import { changedTags } from './tags.js';
import { nodeOf } from './thing-node.js';

/** The soonest that another try follows where it may go better, in milliseconds. */
const SOONEST = 1_000;

/** A session that lasted so long, in milliseconds, was a good one: the next try comes soon. */
const GOOD_SESSION = 60_000;

/** What the QR code of a thing, or of a node behind it, says. */
export interface PrintedCode {
  readonly kind: string;
  /** Absent where the thing is no concentrator. */
  readonly node?: NodePart;
  readonly claimCode: string;
}

/** Where a thing is in its life. */
export type ThingPhase = 'stopped' | 'connecting' | 'online' | 'waiting';

/**
 * A thing, or a concentrator with things behind it: finds its hub, makes itself an account, registers, is claimed, and
 * lets those read and control it whom the hub allows. It comes back by itself whenever the hub does.
 */
export class Thing {
  private readonly options: ThingOptions;
  private readonly world: World;
  private readonly memory: Memory;
  private readonly entrance: Entrance;
  private readonly events: Listeners<ThingEvents>;
  private readonly backoff: Backoff;
  private nodes: NodeSet | undefined;
  private attendance: Attendance | undefined;
  private current: ThingPhase = 'stopped';
  private hub: string | undefined;
  private session: Session | undefined;
  private attempt = new AbortController();
  private wake: () => void = () => {};
  private hurry: () => void = () => {};
  private life: Promise<void> = Promise.resolve();

  constructor(options: ThingOptions, world: World = systemWorld(silentLog)) {
    this.options = options;
    this.world = world;
    this.memory = new Memory(options, world);
    this.entrance = entranceOf(options, this.memory, world);
    this.entrance.onChance(() => this.hurry());
    this.events = new Listeners(world.log);
    this.backoff = new Backoff(world.random);
  }

  /** Calls `listener` at each event of this name, until the returned function is called. */
  on<Name extends keyof ThingEvents>(name: Name, listener: (event: ThingEvents[Name]) => void): () => void {
    return this.events.on(name, listener);
  }

  /** Where the thing is now. */
  get phase(): ThingPhase {
    return this.current;
  }

  /** Its bare JID while it is online. */
  get jid(): string | undefined {
    return this.session?.jid.bare;
  }

  /**
   * What its QR code says: the owner claims it with this. Known once it was online; another one after each `disowned`.
   * A thing that belongs to itself has none, a concentrator those of its nodes.
   */
  get claimCode(): string | undefined {
    const [code] = this.claimCodes;
    return code?.node === undefined ? code?.claimCode : undefined;
  }

  /** The codes of all its nodes, or its own where it is no concentrator. */
  get claimCodes(): readonly PrintedCode[] {
    const { hub, nodes } = this;
    if (hub === undefined) return [];
    return (nodes?.all ?? []).flatMap((node) => {
      const claimCode = node.claimCodeAt(hub);
      return claimCode === undefined ? [] : [{ kind: node.description.kind, ...nodeOf(node), claimCode }];
    });
  }

  /**
   * Changes tags in the registry, of a node where it is a concentrator; `''` takes a tag away [0347 3.13]. Resolves with
   * `later` where nobody owns the thing, or the hub is away: then it is said when that changes. `removed`: the owner took
   * it out of the registry. Rejects with bad-request for tags that no thing may have, item-not-found for no such node,
   * and RequestRefused if the registry refuses.
   */
  async update(tags: TagValues, node?: NodeName): Promise<UpdateOutcome> {
    const meant = this.known().named(node);
    meant.change(changedTags(tags));
    const registration = this.attendance?.registrationOf(meant);
    if (registration !== undefined) return registration.update();
    return meant.removed ? 'removed' : 'later';
  }

  /**
   * Leaves the registry, as before it is taken down for good: nobody owns it any more [0347 3.16]. It registers again at
   * the next start only. Rejects if the hub is away or does not answer, and with item-not-found for no such node.
   */
  async unregister(node?: NodeName): Promise<void> {
    const registration: Registration | undefined = this.attendance?.registrationOf(this.known().named(node));
    if (registration === undefined) throw notConnected();
    await registration.unregister();
  }

  /**
   * Asks another thing for its friendship, so that it can be read and set at its bare JID while it is here. Resolves within
   * half a minute: `refused` where nobody allowed it yet, `later` where the other is away. Rejects with `unreachable` while
   * this thing is not connected, and with jid-malformed.
   */
  async befriend(jid: string): Promise<Befriended> {
    if (this.attendance === undefined) throw notConnected();
    return this.attendance.befriend(jid);
  }

  /**
   * Reads another thing: a friend that is present, or any at its full JID. With `requester`, as the field that is being
   * read got it, on behalf of who reads this thing. Rejects as `Others`, and with `unreachable` while it is not connected.
   */
  async read(address: ThingAddress, options: ReadOptions = {}): Promise<ReadAnswer> {
    return this.others().read(address, options);
  }

  /** Sets parameters of another thing, as `read`. */
  async control(
    address: ThingAddress,
    values: Readonly<Record<string, ControlValue>>,
    options: ControlOptions = {},
  ): Promise<ControlAnswer> {
    return this.others().control(address, values, options);
  }

  /**
   * Resolves once the thing is registered and present for the first time; how long that takes is the hub's matter, and
   * `trouble` tells of each try that failed. Rejects if the options are wrong, the folder cannot be used, or `stop` comes
   * before.
   */
  async start(): Promise<void> {
    if (this.current !== 'stopped') throw new Error('The thing is started already.');
    this.current = 'connecting';
    try {
      const nodes = this.nodes ?? new NodeSet(this.options);
      await this.memory.start(nodes.all.map(({ address }) => address));
      for (const node of nodes.all) node.begin(this.memory.state.secretOf(node.address).key);
      this.nodes = nodes;
    } catch (error) {
      this.current = 'stopped';
      throw error;
    }
    await new Promise<void>((resolve, reject) => {
      const off = this.on('connected', () => resolve());
      this.life = this.live().finally(() => {
        off();
        reject(new Error('The thing was stopped before it was online.'));
      });
    });
  }

  /** Leaves the hub and ends everything. Never rejects. */
  async stop(): Promise<void> {
    if (this.current === 'stopped') return;
    this.current = 'stopped';
    this.attempt.abort();
    this.wake();
    void this.session?.leave();
    await this.life;
    await this.entrance.stop();
    await this.memory.stop();
  }

  /**
   * The factory reset: forgets hub, account and whom it trusted, so that the thing belongs to the next hub that it meets.
   * KEYs stay.
   */
  async forget(): Promise<void> {
    if (this.isStopped()) await this.memory.state.start();
    await this.entrance.stop();
    await this.memory.forget();
    this.backoff.reset();
    this.attempt.abort();
    void this.session?.close();
    this.wake();
  }

  /** The one loop: a session, or a try at one, then a wait. */
  private async live(): Promise<void> {
    while (!this.isStopped()) {
      this.current = 'connecting';
      this.attempt = new AbortController();
      const begun = this.world.clock.monotonic();
      const error = await this.attend();
      if (this.isStopped()) return;
      if (this.world.clock.monotonic() - begun >= GOOD_SESSION) this.backoff.reset();
      const retryIn = this.backoff.next();
      this.current = 'waiting';
      this.world.log.warn('The thing is not connected.', { error: error.message, retryIn });
      this.events.emit('trouble', { error, retryIn });
      await this.pause(retryIn);
    }
  }

  /** One session from beginning to end; resolves with the reason why it is over. */
  private async attend(): Promise<Error> {
    let attendance: Attendance | undefined;
    try {
      const { session, company } = await this.entrance.enter(this.attempt.signal);
      this.session = session;
      const { options, memory, events, world } = this;
      const nodes = this.known();
      attendance = new Attendance({ session, company, options, nodes, memory, events, world });
      this.attendance = attendance;
      const { registry } = await attendance.start();
      if (this.isStopped()) return new Error('stopped');
      this.hub = registry;
      this.current = 'online';
      events.emit('connected', { jid: session.jid.bare, hub: registry ?? session.domain });
      const reason = await session.ended;
      events.emit('disconnected', { reason });
      return new SessionError('unreachable', reason);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      attendance?.stop();
      this.attendance = undefined;
      await this.session?.close();
      this.session = undefined;
    }
  }

  private pause(ms: number): Promise<void> {
    const { clock } = this.world;
    const begun = clock.monotonic();
    return new Promise<void>((resolve) => {
      let timer: Timer = clock.after(ms, resolve, 'next try to connect');
      this.wake = () => {
        timer.cancel();
        resolve();
      };
      this.hurry = () => {
        timer.cancel();
        const rest = Math.min(SOONEST, ms) - (clock.monotonic() - begun);
        timer = clock.after(Math.max(0, rest), resolve, 'next try to connect');
      };
    }).then(() => {
      this.hurry = () => {};
    });
  }

  private others(): Others {
    if (this.attendance === undefined) throw notConnected();
    return this.attendance.others;
  }

  private known(): NodeSet {
    if (this.nodes === undefined) throw new Error('The thing was not started yet.');
    return this.nodes;
  }

  private isStopped(): boolean {
    return this.current === 'stopped';
  }
}

function entranceOf(options: ThingOptions, memory: Memory, world: World): Entrance {
  const { state, link } = memory;
  if (link === undefined) return new AccountEntrance(options, state, world);
  return new LinkEntrance({ memory: link, isOwned: () => state.isOwned, world });
}

function notConnected(): SessionError {
  return new SessionError('unreachable', 'The thing is not connected.');
}
