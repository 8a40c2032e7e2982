import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { deviceAddress } from '../../src/domain/node-address.js';
import type { RuleDraft } from '../../src/domain/rule-scope.js';
import { HubAddresses } from '../../src/main/addresses.js';
import { Core } from '../../src/main/core.js';
import { Indexes } from '../../src/main/indexes.js';
import type { Courier } from '../../src/services/notices.js';
import { Owners } from '../../src/services/owner/owners.js';
import { rules } from '../../src/storage/keys.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

const ANNA = 'anna@pronto.local';
const HUB = 'hub.pronto.local';
const APP = 'app@pronto.local';
const LAMP = 'lamp@pronto.local';
const HOUR = 3_600_000;

/** Registry and provisioning without any edge, beside a thing that takes everything; the lamp is anna's. */
async function open(memory = new MemoryBackend(), clock = new ManualClock()) {
  const world = {
    clock,
    random: new SystemRandom(),
    network: new MemoryNetwork(),
    files: new MemoryFiles(),
    log: new CollectedLog(),
  };
  const heard: string[] = [];
  const courier: Courier = {
    reaches: () => true,
    deliver: async ({ body }) => {
      heard.push(body.operation);
      return 'acknowledged';
    },
  };
  const machine = { label: 'pronto', dataFolder: '/h', thingsFolder: '/t' };
  const config = await loadConfig({ env: {}, set: [] }, machine, world.files);
  const store = new MemoryStore(world, memory);
  const indexes = new Indexes();
  indexes.follow(store);
  const owners = new Owners(() => [ANNA], []);
  const addresses = new HubAddresses('pronto.local');
  const port = { challenge: async () => undefined };
  const core = new Core(
    config,
    { store, indexes, owners, courier, addresses, port, contactsOf: () => [APP] },
    world,
  );
  await store.start();
  core.start();
  const quiet = async (): Promise<void> => {
    await vi.waitFor(() => expect(core.outbox.count).toBe(0));
    clock.advance(1000);
    heard.length = 0;
  };
  return { core, store, clock, heard, quiet, memory };
}

async function claimed(memory?: MemoryBackend) {
  const hub = await open(memory);
  const tags = [{ name: 'KEY', value: 'k' }];
  const node = { nodeId: '', sourceId: '', cacheType: '' };
  const { services } = hub.core;
  await services.register(
    { node, selfOwned: false, tags, generation: 'nf' },
    { jid: LAMP, assurance: 'sasl', hub: HUB },
  );
  await services.claim({ tags, public: true }, { jid: ANNA, assurance: 'sasl', hub: HUB });
  await hub.quiet();
  return hub;
}

async function rulesIn(store: MemoryStore): Promise<number> {
  let count = 0;
  for await (const _ of store.scan(rules)) count++;
  return count;
}

const rule = (more: Partial<RuleDraft>): RuleDraft => ({
  kind: 'read',
  thing: deviceAddress(LAMP),
  subject: { kind: 'jid', jid: APP },
  allow: true,
  ...more,
});

describe('rules that hold at times only', () => {
  it('the thing forgets what it keeps when one ends', async () => {
    const { core, clock, heard, quiet } = await claimed();
    await core.provisioning.book.run(rule({ until: clock.now() + HOUR }), ANNA);
    await quiet();
    clock.advance(HOUR - 2000);
    expect(heard).toEqual([]);
    clock.advance(2000);
    await vi.waitFor(() => expect(heard).toEqual(['clear-cache']));
    await quiet();
    clock.advance(48 * HOUR);
    expect(heard).toEqual([]);
  });

  it('and leaves the friend whom it had let in', async () => {
    const { core, clock, heard, quiet } = await claimed();
    await core.provisioning.book.run(rule({ kind: 'friend', until: clock.now() + HOUR }), ANNA);
    await quiet();
    clock.advance(HOUR);
    await vi.waitFor(() => expect(heard).toEqual(['clear-cache', 'unfriend']));
  });

  it('twice a day where one holds for a part of each day', async () => {
    const { core, clock, heard, quiet } = await claimed();
    await core.provisioning.book.run(rule({ daily: { from: 480, to: 1080 } }), ANNA);
    await quiet();
    let told = 0;
    for (let i = 0; i < 72; i++) {
      clock.advance(HOUR);
      await new Promise((turn) => setImmediate(turn));
      await vi.waitFor(() => expect(core.outbox.count).toBe(0));
      told += heard.length;
      await quiet();
    }
    expect(told).toBe(6);
  });

  it('what ended while the hub was down is told when it starts', async () => {
    const { core, store, clock, quiet, memory } = await claimed();
    await core.provisioning.book.run(rule({ until: clock.now() + HOUR }), ANNA);
    await quiet();
    core.stop();
    await store.stop();
    const later = new ManualClock(clock.now() + 2 * HOUR);
    const { heard, store: again } = await open(memory, later);
    await vi.waitFor(() => expect(heard).toEqual(['clear-cache']));
    await vi.waitFor(async () => expect(await rulesIn(again)).toBe(0));
  });
});
