import { HubConversation } from '../../src/cli/chat/hub-conversation.js';
import { loadConfig } from '../../src/config/load.js';
import type { AdminOperation, AdminOperations } from '../../src/domain/admin.js';
import { createHub, type Hub } from '../../src/main.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import type { World } from '../../src/system/world.js';
import type { Admin } from '../../src/web/admin.js';
import { commands } from '../../src/web/commands.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';
import { Actor } from './actor.js';
import type { Stage } from './stage.js';

const PORT = 5222;

/** A stage in memory: the whole hub, TLS included, on a clock that the story turns. */
export class MemoryStage implements Stage {
  readonly domain = 'pronto.local';
  readonly hub = 'hub.pronto.local';
  readonly clock = new ManualClock();
  readonly log = new CollectedLog();
  private readonly memory = new MemoryBackend();
  private readonly world: World;
  private readonly settings: readonly string[];
  private running: Hub | undefined;

  private constructor(settings: readonly string[]) {
    this.settings = settings;
    this.world = {
      clock: this.clock,
      random: new SystemRandom(),
      network: new MemoryNetwork(),
      files: new MemoryFiles(),
      processes: bareMachine,
      log: this.log,
    };
  }

  /** Starts a hub with these `KEY=VALUE` settings. */
  static async open(settings: readonly string[] = []): Promise<MemoryStage> {
    const stage = new MemoryStage(settings);
    await stage.start();
    return stage;
  }

  actor(name: string): Actor {
    return new Actor(
      name,
      this.domain,
      () => this.world.network.connect({ host: 'hub', port: PORT }),
      this.world,
    );
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

  /** Flips a byte of the first record whose key begins with `prefix` while the hub is down: it wakes in safe mode. */
  async restartDamaged(prefix: string): Promise<void> {
    await this.running?.stop();
    for await (const slice of this.memory.scan({ from: prefix, to: `${prefix}\uffff` })) {
      const [key, raw] = slice[0] ?? [];
      if (key !== undefined && raw !== undefined) await this.memory.commit([{ key, raw: `${raw} ` }]);
      break;
    }
    await this.start();
  }

  async close(): Promise<void> {
    await this.running?.stop();
  }

  /** Turns the clock on in small steps until something happens that needs time to pass. */
  async passes<T>(happens: Promise<T>): Promise<T> {
    let over = false;
    const settled = happens.finally(() => {
      over = true;
    });
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.clock.waiting().some((name) => name.endsWith('refusal'))) this.clock.advance(50);
    }
    return settled;
  }

  private async start(): Promise<void> {
    const set = ['mdns.enabled=false', 'data=/hearth', ...this.settings];
    const machine = { label: 'pronto', dataFolder: '/hearth', thingsFolder: '/things' };
    const config = await loadConfig({ env: {}, set }, machine, this.world.files);
    this.running = createHub(config, this.world, {
      store: new MemoryStore(this.world, this.memory),
      conversation: (ask) => new HubConversation(ask, this.clock),
    });
    await this.running.start();
  }
}

function perform<Name extends AdminOperation>(
  admin: Admin,
  name: Name,
  request: AdminOperations[Name]['request'],
): AdminOperations[Name]['answer'] | Promise<AdminOperations[Name]['answer']> {
  return commands[name].run(admin, request);
}
