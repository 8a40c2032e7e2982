import { describe, expect, it } from 'vitest';
import { HUB, openCore } from './core-stage.js';

const ANNA = { jid: 'anna@pronto.local', assurance: 'sasl', hub: HUB } as const;
const BERT = { ...ANNA, jid: 'bert@pronto.local' };
const RACK = { ...ANNA, jid: 'rack@pronto.local' };
const tags = [{ name: 'KEY', value: 'printed on all of them' }];
const claim = { tags, public: true };

/** The registry without any edge. */
async function open() {
  const { core, memory: backend } = await openCore({ owners: [ANNA.jid, BERT.jid] });
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
