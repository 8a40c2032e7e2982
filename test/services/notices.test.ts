import { describe, expect, it } from 'vitest';
import type { NodeAddress } from '../../src/domain/node-address.js';
import type { Notice } from '../../src/domain/notice.js';
import { type Delivery, notify, Outbox } from '../../src/services/notices.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

const RACK = 'rack@pronto.local';

const node = (nodeId: string): NodeAddress => ({ jid: RACK, nodeId, sourceId: '', cacheType: '' });

/** An outbox whose only receiver answers as the test says. */
async function open(deliver: (notice: Notice) => Promise<Delivery>) {
  const world = {
    clock: new ManualClock(),
    random: new SystemRandom(),
    network: new MemoryNetwork(),
    files: new MemoryFiles(),
    log: new CollectedLog(),
  };
  const store = new MemoryStore(world);
  const tried: number[] = [];
  const courier = {
    reaches: () => true,
    deliver: (notice: Notice) => {
      tried.push(notice.seq);
      return deliver(notice);
    },
  };
  const meaning = { holds: () => true, answered: () => Promise.resolve() };
  const outbox = new Outbox(store, courier, meaning, world.clock, world.log);
  store.follow(outbox);
  await store.start();
  outbox.start();
  const tell = (body: Notice['body'], after?: number) =>
    store.transact((transaction) =>
      notify(transaction, { to: RACK, body, createdAt: 0, ...(after === undefined ? {} : { after }) }),
    );
  return { outbox, tell, tried };
}

describe('the outbox', () => {
  it('tries a new notice for one who is away once, however many wait for him already', async () => {
    const { tell, tried, outbox } = await open(async () => 'unreachable');
    for (let i = 0; i < 100; i++)
      await tell({ operation: 'claimed', thing: node(`n${i}`), owner: 'anna@pronto.local', public: true });
    expect(outbox.count).toBe(100);
    expect(tried).toHaveLength(100);
  });

  it('keeps a friend back until the cache is cleared, also where a later clearCache took the place of his', async () => {
    let reachable = false;
    const { tell, tried, outbox } = await open(async () => (reachable ? 'acknowledged' : 'unreachable'));
    const first = await tell({ operation: 'clear-cache', thing: node('') });
    const friend = await tell({ operation: 'friend', thing: node(''), jid: 'eve@pronto.local' }, first);
    const second = await tell({ operation: 'clear-cache', thing: node('') });
    await outbox.settled(first);
    expect(tried).not.toContain(friend);
    tried.length = 0;
    reachable = true;
    outbox.reachable(RACK);
    await outbox.settled(friend);
    expect(tried).toEqual([second, friend]);
    expect(outbox.count).toBe(0);
  });
});
