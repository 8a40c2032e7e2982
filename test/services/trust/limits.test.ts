import { describe, expect, it } from 'vitest';
import { things } from '../../../src/storage/keys.js';
import type { ManualClock } from '../../world/manual-clock.js';
import { openTrust, outcome, print } from './stage.js';

const MINUTE = 60_000;

/** Lets the wait before a refusal pass. */
async function afterRefusal<T>(clock: ManualClock, request: Promise<T>): Promise<T> {
  let over = false;
  const settled = request.finally(() => {
    over = true;
  });
  while (!over) {
    await new Promise((resolve) => setImmediate(resolve));
    if (clock.waiting().includes('register refusal')) clock.advance(2000);
  }
  return settled;
}

describe('whoever invents names on the link', () => {
  it('registers so many of them in a minute, and holds up neither pinned things nor accounts', async () => {
    const stage = await openTrust({ settings: ['limits.linkRegistrationsPerMinute=20'] });
    const { peer, account, register, clock } = stage;
    await register(peer('lamp@desk', print('a')));
    const became = new Map<string, number>();
    for (let i = 0; i < 30; i++) {
      const code = await afterRefusal(
        clock,
        outcome(() => register(peer(`t${i}@desk`))),
      );
      became.set(code, (became.get(code) ?? 0) + 1);
    }
    expect(became.get('too-many-requests')).toBeGreaterThanOrEqual(5);
    expect(await outcome(() => register(peer('lamp@desk', print('a'))))).toBe('done');
    expect(await outcome(() => register(account('desk@pronto.local')))).toBe('done');
    clock.advance(MINUTE);
    expect(await outcome(() => register(peer('late@desk')))).toBe('done');
  });

  it('leaves room: the thing that is away gives way first, then the oldest, never one that is owned', async () => {
    const here = new Set(['owned@desk', 'old@desk', 'older@desk']);
    const courier = { reaches: (jid: string) => here.has(jid), deliver: async () => 'unreachable' as const };
    const stage = await openTrust({ courier, settings: ['limits.linkThings=3'] });
    const { peer, register, claim, clock, indexes, audited } = stage;
    const come = async (jid: string) => {
      clock.advance(MINUTE);
      await register(peer(jid));
    };
    const known = () => [...indexes.things.all()].map(({ jid }) => jid).sort();
    await come('owned@desk');
    await claim('owned@desk');
    for (const jid of ['older@desk', 'old@desk', 'away@desk']) await come(jid);
    here.add('new@desk');
    await come('new@desk');
    expect(known()).toEqual(['new@desk', 'old@desk', 'older@desk', 'owned@desk']);
    here.add('newer@desk');
    await come('newer@desk');
    expect(known()).toEqual(['new@desk', 'newer@desk', 'old@desk', 'owned@desk']);
    expect((await audited('unregister')).map(({ by, became }) => [by, became])).toEqual([
      ['hub', 'gave way to a newer thing that nobody owns'],
      ['hub', 'gave way to a newer thing that nobody owns'],
    ]);
  });

  it('fills no disk: things without owner stay within the limit, pinned or not, however many come at once', async () => {
    const stage = await openTrust({
      settings: ['limits.linkThings=10', 'limits.linkRegistrationsPerMinute=100000', 'limits.things=40'],
    });
    const { peer, register, account, indexes } = stage;
    await register(account('desk@pronto.local'));
    for (let round = 0; round < 5; round++) {
      const names = Array.from({ length: 20 }, (_, i) => `t${round}-${i}@desk`);
      const came = names.map((jid, i) => outcome(() => register(peer(jid, i % 2 ? print('a') : undefined))));
      await Promise.all(came);
    }
    for (let i = 0; i < 20; i++) await register(peer(`last${i}@desk`, print('a')));
    expect(indexes.things.count).toBeLessThanOrEqual(11);
    expect(
      indexes.things.get({ jid: 'desk@pronto.local', nodeId: '', sourceId: '', cacheType: '' }),
    ).toBeDefined();
    expect(indexes.pins.count).toBeLessThanOrEqual(40);
  });

  it('fills no disk either with things that own themselves', async () => {
    const settings = ['limits.linkThings=10', 'limits.things=40', 'limits.thingsPerAccount=30'];
    const { services, peer, indexes } = await openTrust({ settings });
    const tags = [{ name: 'CLASS', value: 'lamp' }];
    for (let i = 0; i < 30; i++) {
      const node = { nodeId: `n${i}`, sourceId: '', cacheType: '' };
      const caller = peer('lamp@desk', print('a'));
      await services.register({ node, selfOwned: true, tags, generation: 'nf' }, caller);
    }
    expect(indexes.things.count).toBe(10);
    expect(indexes.linkThings.count).toBe(10);
  });

  it('does not make the oldest registration of a thing that is claimed count', async () => {
    const { peer, register, claim, indexes, store } = await openTrust({ settings: ['limits.linkThings=1'] });
    for (const jid of ['a@desk', 'b@desk', 'c@desk']) {
      await register(peer(jid));
      await claim(jid);
    }
    expect(indexes.things.count).toBe(3);
    await register(peer('d@desk'));
    expect(indexes.things.count).toBe(4);
    expect(indexes.linkThings.count).toBe(1);
    const a = await store.get(things, { jid: 'a@desk', nodeId: '', sourceId: '', cacheType: '' });
    expect(a?.owner).toBeDefined();
  });
});

describe('pins', () => {
  it('are bounded: one that protects nothing any more gives way, the oldest first', async () => {
    const stage = await openTrust({ settings: ['limits.things=2'] });
    const { peer, register, services, node, clock, pinOf } = stage;
    for (const jid of ['a@desk', 'b@desk']) {
      clock.advance(MINUTE);
      await register(peer(jid, print('a')));
    }
    for (const jid of ['b@desk', 'a@desk']) await services.unregister({ node }, peer(jid, print('a')));
    await register(peer('c@desk', print('a')));
    expect(await pinOf('a@desk')).toBeUndefined();
    expect(await pinOf('b@desk')).toBe(print('a'));
  });
});
