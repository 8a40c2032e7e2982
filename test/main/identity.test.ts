import { describe, expect, it } from 'vitest';
import { loadIdentity, nameMemory } from '../../src/main/identity.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';

describe('the identity of a hub', () => {
  it('keeps the mDNS name that a conflict led to, and the domain whatever that is', async () => {
    const world = { clock: new ManualClock(), log: new CollectedLog(), files: new MemoryFiles() };
    const first = await loadIdentity('/hearth', { name: 'pronto' }, world);
    expect(await nameMemory('/hearth', first, world).load()).toBeUndefined();
    await nameMemory('/hearth', first, world).save('pronto-1');
    const second = await loadIdentity('/hearth', { name: 'pronto' }, world);
    expect(second).toEqual({ ...first, mdnsName: 'pronto-1' });
    expect(await nameMemory('/hearth', second, world).load()).toBe('pronto-1');
  });

  it('a damaged file stops the start, and says so', async () => {
    const world = { clock: new ManualClock(), log: new CollectedLog(), files: new MemoryFiles() };
    for (const damage of ['', '{', '{"domain":7,"createdAt":1}', '{"domain":"a b","createdAt":1}']) {
      await world.files.write('/hearth/instance.json', damage);
      await expect(loadIdentity('/hearth', { name: 'pronto' }, world)).rejects.toThrow(/is damaged/);
    }
  });
});
