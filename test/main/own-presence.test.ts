import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import type { Service } from '../../src/discovery/mdns/zone.js';
import { House } from '../../src/main/house.js';
import { OwnPresence } from '../../src/main/own-presence.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

describe("the hub's presence", () => {
  it('is away without an owner, available with one, and not to be disturbed on damaged data', async () => {
    const { house, store, said } = await announced();
    expect(said.map(statusOf)).toEqual(['away']);
    expect(Object.fromEntries(said[0] ?? [])).toMatchObject({
      txtvers: '1',
      'port.p2pj': '5298',
      hash: 'sha-1',
    });

    await house.accounts.create.run({ name: 'anna', role: 'owner', password: 'anna-secret', from: 'local' });
    expect(said.map(statusOf)).toEqual(['away', 'avail']);
    await house.accounts.create.run({ name: 'lamp', role: 'user', password: 'lamp-secret', from: 'local' });
    expect(said).toHaveLength(2);

    store.report('a record is not what it was');
    expect(said.map(statusOf)).toEqual(['away', 'avail', 'dnd']);
  });

  it('names the capabilities that disco#info of the same node amounts to', async () => {
    const { house, said } = await announced();
    const { node, ver } = Object.fromEntries(said[0] ?? []);
    expect(house.hub.capabilityNode).toBe(`${node}#${ver}`);
    expect(house.hub.info(`${node}#${ver}`).attribute('node')).toBe(`${node}#${ver}`);
  });
});

/** A hub whose presence is announced: every text that was. */
async function announced() {
  const world = {
    clock: new ManualClock(),
    random: new SystemRandom(),
    network: new MemoryNetwork(),
    files: new MemoryFiles(),
    processes: bareMachine,
    log: new CollectedLog(),
  };
  const store = new MemoryStore(world);
  const config = await loadConfig(
    { env: {}, set: [] },
    { label: 'pronto', dataFolder: '/hearth' },
    world.files,
  );
  const house = new House(config, 'pronto.local', store, world);
  const isOwned = () => house.owners.local().length > 0;
  const presence = new OwnPresence({ store, isOwned, hub: house.hub });
  await store.start();
  const said: Service['txt'][] = [];
  const publish = (service: Service) => {
    said.push(service.txt);
    const update = ({ txt }: { txt?: Service['txt'] }) => void (txt !== undefined && said.push(txt));
    return { instance: 'hub@pronto', update, withdraw: async () => undefined };
  };
  presence.publish({ publish }, 5298);
  return { house, store, said };
}

function statusOf(txt: Service['txt']): string | undefined {
  return txt.find(([key]) => key === 'status')?.[1];
}
