import { loadConfig } from '../../src/config/load.js';
import type { AdminOperation, AdminOperations } from '../../src/domain/admin.js';
import { createHub, type Hub } from '../../src/main.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import type { World } from '../../src/system/world.js';
import { perform } from '../../src/web/perform.js';
import { bareMachine } from '../world/bare-machine.js';
import type { TestCertificate } from '../world/certificates.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryHosts } from '../world/memory-hosts.js';
import { MemoryLan, MemoryMachine } from '../world/memory-lan.js';
import { Actor } from './actor.js';
import { LinkRole } from './link-role.js';
import type { Stage } from './stage.js';

const HUB = '10.77.0.1';
const PHONE = '10.77.0.9';
const PORT = 5222;
/** How much time passes on the stage while a millisecond does outside; never more in one turn of the event loop. */
const HASTE = 5;

/** A LAN in memory: the whole hub, mDNS included, and things that have no server; persons have accounts. */
export class LanStage implements Stage {
  readonly domain = 'pronto.local';
  readonly hub = 'hub@pronto';
  readonly clock = new ManualClock();
  readonly log = new CollectedLog();
  private readonly lan = new MemoryLan(this.clock);
  private readonly hosts = new MemoryHosts();
  private readonly memory = new MemoryBackend();
  private readonly world: World;
  private readonly persons: readonly string[];
  private readonly settings: readonly string[];
  private readonly things: LinkRole[] = [];
  private readonly ticking: NodeJS.Timeout;
  private running: Hub | undefined;

  private constructor(persons: readonly string[], settings: readonly string[]) {
    this.persons = persons;
    this.settings = settings;
    this.world = this.worldAt(HUB);
    this.ticking = setInterval(() => this.clock.advance(HASTE), 1);
  }

  /** Starts a hub with these `KEY=VALUE` settings; actors of these names come with accounts, all others without. */
  static async open(persons: readonly string[], settings: readonly string[] = []): Promise<LanStage> {
    const stage = new LanStage(persons, settings);
    await stage.start();
    return stage;
  }

  actor(name: string): Actor | LinkRole {
    if (!this.persons.includes(name)) return this.thing(name, `desk-${name}`);
    const phone = this.hosts.host(PHONE);
    return new Actor(name, this.domain, () => phone.connect({ host: HUB, port: PORT }), this.world);
  }

  /** A thing on a machine of its own. */
  thing(user: string, machine: string, certificate?: TestCertificate): LinkRole {
    const world = this.worldAt(`10.77.0.${20 + this.things.length}`);
    const thing = new LinkRole(user, machine, this.hub, world, certificate);
    this.things.push(thing);
    return thing;
  }

  async admin<Name extends AdminOperation>(
    name: Name,
    request: AdminOperations[Name]['request'],
  ): Promise<AdminOperations[Name]['answer']> {
    if (this.running === undefined) throw new Error('the hub is not running');
    return perform(this.running.admin, name, request);
  }

  async restart(): Promise<void> {
    await this.running?.stop();
    await this.start();
  }

  /** Time passes here by itself. */
  passes<T>(happens: Promise<T>): Promise<T> {
    return happens;
  }

  async close(): Promise<void> {
    for (const thing of this.things) await thing.leaves();
    await this.running?.stop();
    clearInterval(this.ticking);
  }

  private worldAt(address: string): World {
    const datagrams = new MemoryMachine().plug(this.lan, 'eth0', address).network();
    const { listen, connect } = this.hosts.host(address);
    const network = {
      listen,
      connect,
      interfaces: () => datagrams.interfaces(),
      datagram: (options: Parameters<typeof datagrams.datagram>[0]) => datagrams.datagram(options),
    };
    const { clock, log } = this;
    const files = new MemoryFiles();
    return { clock, random: new SystemRandom(), network, files, processes: bareMachine, log };
  }

  private async start(): Promise<void> {
    const machine = { label: 'pronto', dataFolder: '/hearth', thingsFolder: '/things' };
    const config = await loadConfig(
      { env: {}, set: ['data=/hearth', ...this.settings] },
      machine,
      this.world.files,
    );
    this.running = createHub(config, this.world, { store: new MemoryStore(this.world, this.memory) });
    await this.running.start();
  }
}
