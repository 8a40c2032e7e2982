import { loadConfig } from '../../src/config/load.js';
import { HubAddresses } from '../../src/main/addresses.js';
import { Core } from '../../src/main/core.js';
import { Indexes } from '../../src/main/indexes.js';
import type { Courier } from '../../src/services/notices.js';
import { Owners } from '../../src/services/owner/owners.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

/** The hub's address on these stages. */
export const HUB = 'hub.pronto.local';

/** Nobody is there. */
const NOBODY: Courier = { reaches: () => false, deliver: async () => 'unreachable' };

/** What a stage may have instead. */
export interface CoreStageOptions {
  /** Bare JIDs. */
  readonly owners: readonly string[];
  readonly courier?: Courier;
  /** Bare JIDs of owners from outside. */
  readonly trusted?: readonly string[];
  /** `KEY=VALUE` of the configuration. */
  readonly settings?: readonly string[];
  /** Whom every thing has as contacts. */
  readonly contacts?: readonly string[];
  readonly memory?: MemoryBackend;
  readonly clock?: ManualClock;
}

/** Registry and provisioning without any edge, started. */
export async function openCore(options: CoreStageOptions) {
  const { owners: names, courier = NOBODY, contacts = [], memory = new MemoryBackend() } = options;
  const { trusted = [], settings = [] } = options;
  const clock = options.clock ?? new ManualClock();
  const world = {
    clock,
    random: new SystemRandom(),
    network: new MemoryNetwork(),
    files: new MemoryFiles(),
    processes: bareMachine,
    log: new CollectedLog(),
  };
  const machine = { label: 'pronto', dataFolder: '/hearth', thingsFolder: '/things' };
  const config = await loadConfig({ env: {}, set: settings }, machine, world.files);
  const store = new MemoryStore(world, memory);
  const indexes = new Indexes();
  indexes.follow(store);
  const parts = {
    store,
    indexes,
    owners: new Owners(() => names, trusted),
    courier,
    addresses: new HubAddresses('pronto.local'),
    port: { challenge: async () => undefined },
    isGone: () => false,
    contactsOf: () => contacts,
  };
  const core = new Core(config, parts, world);
  await store.start();
  core.start();
  return { core, store, indexes, clock, memory };
}
