import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import type { IsFriendAnswer } from '../../src/domain/command.js';
import { HubAddresses } from '../../src/main/addresses.js';
import { Core, Indexes } from '../../src/main/core.js';
import type { Courier } from '../../src/services/notices.js';
import { Owners } from '../../src/services/owner/owners.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

const ANNA = 'anna@pronto.local';
const HUB = 'hub.pronto.local';
const lamp = { jid: 'lamp@pronto.local', assurance: 'sasl', hub: HUB } as const;
const courier: Courier = { reaches: () => false, deliver: async () => 'unreachable' };

/** Registry and provisioning without any edge; the lamp is anna's, and has asked about one stranger. */
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
  const store = new MemoryStore(world);
  const indexes = new Indexes();
  indexes.follow(store);
  const owners = new Owners(() => [ANNA], []);
  const addresses = new HubAddresses('pronto.local');
  const isGone = async () => false;
  const parts = { store, indexes, owners, courier, addresses, isGone, contactsOf: () => [] };
  const core = new Core(config, parts, world);
  await store.start();
  core.start();
  const tags = [{ name: 'KEY', value: 'k' }];
  const node = { nodeId: '', sourceId: '', cacheType: '' };
  await core.services.register({ node, selfOwned: false, tags, generation: 'nf' }, lamp);
  await core.services.claim({ tags, public: true }, { jid: ANNA, assurance: 'sasl', hub: HUB });
  const ask = (jid: string): Promise<IsFriendAnswer> =>
    Promise.resolve(core.services['is-friend']({ jid }, lamp));
  await ask('first@pronto.local');
  return { core, indexes, ask };
}

describe('a question that meets the decision on its way to the disk', () => {
  const allowAll = { number: 1, allow: true, range: 'all' } as const;

  it('is answered by the decision, and waits for nobody, where the decision came first', async () => {
    const { core, indexes, ask } = await open();
    const decided = core.decide.run(allowAll, ANNA);
    const asked = ask('eve@pronto.local');
    await decided;
    expect(await asked).toMatchObject({ result: true });
    expect(indexes.questions.all()).toEqual([]);
  });

  it('is answered by the decision, which closes it too, where the question came first', async () => {
    const { core, indexes, ask } = await open();
    const asked = ask('eve@pronto.local');
    await core.decide.run(allowAll, ANNA);
    expect(await asked).toMatchObject({ result: true });
    expect(indexes.questions.all()).toEqual([]);
  });

  it('is one question and one notice where the thing asks twice at once', async () => {
    const { core, indexes, ask } = await open();
    const before = core.outbox.count;
    const answers = await Promise.all([ask('eve@pronto.local'), ask('eve@pronto.local')]);
    expect(answers.map(({ result }) => result)).toEqual([false, false]);
    expect(indexes.questions.all()).toHaveLength(2);
    // The notice of the first question still waits, so this one joins it.
    expect(core.outbox.count).toBe(before);
  });
});
