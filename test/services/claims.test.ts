import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { HubAddresses } from '../../src/main/addresses.js';
import { Core, Indexes } from '../../src/main/core.js';
import { Owners } from '../../src/services/owner/owners.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

const HUB = 'hub.pronto.local';
const ANNA = { jid: 'anna@pronto.local', assurance: 'sasl', hub: HUB } as const;
const BERT = { ...ANNA, jid: 'bert@pronto.local' };
const RACK = { ...ANNA, jid: 'rack@pronto.local' };
const tags = [{ name: 'KEY', value: 'printed on all of them' }];
const claim = { tags, public: true };

/** The registry without any edge. */
async function open() {
  const world = {
    clock: new ManualClock(),
    random: new SystemRandom(),
    network: new MemoryNetwork(),
    files: new MemoryFiles(),
    log: new CollectedLog(),
  };
  const machine = { label: 'pronto', dataFolder: '/hearth', thingsFolder: '/things' };
  const config = await loadConfig({ env: {}, set: [] }, machine, world.files);
  const backend = new MemoryBackend();
  const store = new MemoryStore(world, backend);
  const indexes = new Indexes();
  indexes.follow(store);
  const owners = new Owners(() => [ANNA.jid, BERT.jid], []);
  const courier = { reaches: () => false, deliver: async () => 'unreachable' as const };
  const addresses = new HubAddresses('pronto.local');
  const isGone = async () => false;
  const parts = { store, indexes, owners, courier, addresses, isGone, contactsOf: () => [] };
  const core = new Core(config, parts, world);
  await store.start();
  const register = (nodeId: string) =>
    core.services.register(
      {
        node: { nodeId, sourceId: 's'.repeat(1000), cacheType: '' },
        selfOwned: false,
        tags,
        generation: 'nf',
      },
      RACK,
    );
  const unregister = (nodeId: string) =>
    core.services.unregister({ node: { nodeId, sourceId: 's'.repeat(1000), cacheType: '' } }, RACK);
  /** How long the longest record under a prefix is, and how many there are. */
  const records = async (prefix: string) => {
    const lengths: number[] = [];
    for await (const slice of backend.scan({ from: prefix, to: `${prefix}\uffff` }))
      for (const [, raw] of slice) lengths.push(raw.length);
    return { count: lengths.length, longest: Math.max(0, ...lengths) };
  };
  return { core, register, unregister, records };
}

describe('things with the same tags', () => {
  it('cost no more to register and to claim, however many there are', async () => {
    const { register, records } = await open();
    for (let i = 0; i < 200; i++) await register(`n${i}`);
    const listed = await records('c!');
    expect(listed.count).toBe(200);
    expect(listed.longest).toBeLessThan(100);
  });

  it('are claimed one after the other, each once, and repeated by who owns one', async () => {
    const { core, register } = await open();
    for (const nodeId of ['a', 'b', 'c']) await register(nodeId);
    const claimed: string[] = [];
    for (const caller of [ANNA, BERT, ANNA])
      claimed.push((await core.services.claim(claim, caller)).thing.nodeId);
    expect([...claimed].sort()).toEqual(['a', 'b', 'c']);
    const again = await core.services.claim(claim, BERT);
    expect(again.thing.nodeId).toBe(claimed[1]);
  });

  it('leave nothing behind when they are gone', async () => {
    const { core, register, unregister, records } = await open();
    for (const nodeId of ['a', 'b']) await register(nodeId);
    await core.services.claim(claim, ANNA);
    for (const nodeId of ['a', 'b']) await unregister(nodeId);
    expect((await records('c!')).count).toBe(0);
  });
});
