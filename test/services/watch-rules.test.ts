import { describe, expect, it, vi } from 'vitest';
import { deviceAddress } from '../../src/domain/node-address.js';
import type { RuleDraft } from '../../src/domain/rule-scope.js';
import type { Courier } from '../../src/services/notices.js';
import { rules, things } from '../../src/storage/keys.js';
import type { MemoryBackend } from '../../src/storage/memory-backend.js';
import type { MemoryStore } from '../../src/storage/memory-store.js';
import { ManualClock } from '../world/manual-clock.js';
import { HUB, openCore } from './core-stage.js';

const ANNA = 'anna@pronto.local';
const APP = 'app@pronto.local';
const LAMP = 'lamp@pronto.local';
const HOUR = 3_600_000;

/** Registry and provisioning without any edge, beside a thing that takes everything; the lamp is anna's. */
async function open(memory?: MemoryBackend, clock?: ManualClock) {
  const heard: string[] = [];
  const courier: Courier = {
    reaches: () => true,
    deliver: async ({ body }) => {
      heard.push(body.operation);
      return 'acknowledged';
    },
  };
  const given = { ...(memory && { memory }), ...(clock && { clock }) };
  const hub = await openCore({ owners: [ANNA], courier, contacts: [APP], ...given });
  const { core } = hub;
  const quiet = async (): Promise<void> => {
    await vi.waitFor(() => expect(core.outbox.count).toBe(0));
    hub.clock.advance(1000);
    heard.length = 0;
  };
  return { ...hub, heard, quiet };
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

  it('who asks outside of its hours is refused, and nobody is asked', async () => {
    const { core, clock, indexes } = await claimed();
    const minute = new Date(clock.now()).getHours() * 60 + new Date(clock.now()).getMinutes();
    const daily = { from: (minute + 60) % 1440, to: (minute + 120) % 1440 };
    await core.provisioning.book.run(rule({ kind: 'friend', daily }), ANNA);
    const lamp = { jid: LAMP, assurance: 'sasl', hub: HUB } as const;
    expect(await core.services['is-friend']({ jid: APP }, lamp)).toMatchObject({
      result: false,
      pending: false,
    });
    expect(indexes.questions.all()).toEqual([]);
  });

  it('who asks right after the end of one is a question again', async () => {
    const { core, clock, quiet } = await claimed();
    await core.provisioning.book.run(rule({ kind: 'friend', until: clock.now() + 1500 }), ANNA);
    await quiet();
    clock.advance(500);
    const lamp = { jid: LAMP, assurance: 'sasl', hub: HUB } as const;
    expect(await core.services['is-friend']({ jid: APP }, lamp)).toMatchObject({
      result: false,
      pending: true,
    });
  });

  it('abuse 74: begin once a clock that was unset is set, and the thing hears of it', async () => {
    const { core, store, clock, quiet, memory } = await claimed();
    const lamp = { jid: LAMP, assurance: 'sasl', hub: HUB } as const;
    const ask = async ({ services }: typeof core) =>
      (
        await services['can-read'](
          { jid: APP, tokens: { service: [], device: [], user: [] }, categories: [], nodes: [], fields: [] },
          lamp,
        )
      ).result;
    await core.provisioning.book.run(rule({ until: clock.now() + 1000 * HOUR }), ANNA);
    await quiet();
    core.stop();
    await store.stop();
    const unset = new ManualClock(clock.now() - 30 * HOUR);
    const again = await open(memory, unset);
    await again.quiet();
    expect(await ask(again.core)).toBe(false);
    unset.advance(30 * HOUR);
    await vi.waitFor(() => expect(again.heard).toContain('clear-cache'));
    expect(await ask(again.core)).toBe(true);
  });

  it('are told at the start where there are more than one transaction tells', async () => {
    const { core, store, clock, memory } = await claimed();
    core.stop();
    await store.transact((transaction) => {
      for (let i = 0; i < 250; i++) {
        const thing = deviceAddress(`lamp${i}@pronto.local`);
        const kept = { ...rule({ thing, daily: { from: i, to: 1439 } }), id: `${100 + i}` };
        transaction.put(rules, { thing, kind: 'read', id: kept.id }, { ...kept, by: ANNA, createdAt: 0 });
        const known = { tags: [], owner: ANNA, public: true, generation: 'nf', hub: HUB } as const;
        transaction.put(things, thing, { ...thing, ...known, claimHash: '', registeredAt: 0 });
      }
    });
    await store.stop();
    const again = await open(memory, clock);
    await vi.waitFor(() => expect(again.heard).toHaveLength(250));
  });
});
