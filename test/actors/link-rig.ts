import { SystemRandom } from '../../src/system/random.js';
import type { World } from '../../src/system/world.js';
import { Thing, type ThingEvents, type ThingOptions } from '../../src/thing/index.js';
import { bareMachine } from '../world/bare-machine.js';
import { TestCertificate } from '../world/certificates.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryHosts } from '../world/memory-hosts.js';
import { MemoryLan, MemoryMachine } from '../world/memory-lan.js';
import { LinkHub } from './link-hub.js';

/** Milliseconds that pass at once, with something happening and without. */
const STEP = 20;
const LONG_STEP = 100;

/** A LAN in memory with hubs and things that have no server. */
export class LinkRig {
  readonly clock = new ManualClock();
  readonly log = new CollectedLog();
  readonly files = new MemoryFiles();
  readonly authority = new TestCertificate({ name: 'The hub' });
  private readonly lan = new MemoryLan(this.clock);
  private readonly hosts = new MemoryHosts();
  private readonly running: { stop(): Promise<void> }[] = [];

  /** A machine with one address. */
  world(address: string): World {
    const machine = new MemoryMachine().plug(this.lan, 'eth0', address);
    const datagrams = machine.network();
    const { listen, connect } = this.hosts.host(address);
    const network = {
      listen,
      connect,
      interfaces: () => datagrams.interfaces(),
      datagram: (options: Parameters<typeof datagrams.datagram>[0]) => datagrams.datagram(options),
    };
    const { clock, log, files } = this;
    return { clock, log, files, network, processes: bareMachine, random: new SystemRandom() };
  }

  /** A hub, announced; its certificate is signed by `authority`. */
  async hub(
    address = '10.77.0.1',
    { name = 'pi', user = 'hub', authority = this.authority } = {},
  ): Promise<LinkHub> {
    const leaf = new TestCertificate({ name: 'pi.local', issuer: authority });
    const hub = new LinkHub(name, user, [leaf, authority], this.world(address));
    this.running.push(hub);
    await this.while(hub.start());
    return hub;
  }

  /** A lamp that is not started. */
  lamp(address: string, changes: Partial<ThingOptions> = {}): Thing {
    return this.thing(address, {
      kind: 'lamp',
      fields: [{ name: 'Output', read: () => true }],
      ...changes,
    });
  }

  /** Another thing that is not started; one address is one folder. */
  thing(address: string, options: Omit<ThingOptions, 'folder'>): Thing {
    const own = { folder: `/${address}`, linkLocal: true, machine: 'shelf' };
    const thing = new Thing({ ...own, ...options }, this.world(address));
    this.running.push(thing);
    return thing;
  }

  /** Ends all. */
  async stop(): Promise<void> {
    for (const one of this.running.splice(0).reverse()) await this.while(one.stop());
  }

  /** Lets time pass until a promise settles. */
  async while<Value>(promise: Promise<Value>, most = 120_000): Promise<Value> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    promise.then(end, end);
    await this.until(() => isOver, most);
    return promise;
  }

  /**
   * Lets time pass until something is so: never faster than twenty times as fast as it does outside, where keys are made
   * and TLS begins.
   */
  async until(condition: () => boolean, most = 120_000): Promise<void> {
    for (let passed = 0; !condition(); passed += STEP) {
      if (passed > most) throw new Error('it never came');
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (!condition()) this.clock.advance(STEP);
    }
  }

  /** Lets time pass in which not much happens. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += LONG_STEP) {
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      this.clock.advance(LONG_STEP);
    }
  }

  /** All events of a thing, as they come. */
  events(thing: Thing, ...names: (keyof ThingEvents)[]): string[] {
    const told: string[] = [];
    for (const name of names) thing.on(name, (event) => told.push(`${name} ${textOf(event)}`));
    return told;
  }
}

function textOf(event: object): string {
  const { error, jid, owner, reason } = event as Record<string, unknown>;
  if (error instanceof Error) return error.message;
  return String(owner ?? reason ?? jid ?? '');
}
