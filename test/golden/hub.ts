import { loadConfig } from '../../src/config/load.js';
import { Jid } from '../../src/domain/jid.js';
import { House } from '../../src/main/house.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import type { Element } from '../../src/xmpp/element.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

/** Hands stanzas to a hub of this domain, and returns what it answers at once. */
export type Ask = (request: Element) => Element[];

/** The rooms of a hub of this domain, without doors: who is named in `from` is believed. */
export async function hubOf(domain: string): Promise<Ask> {
  const files = new MemoryFiles();
  const world = {
    clock: new ManualClock(),
    random: new SystemRandom(),
    network: new MemoryNetwork(),
    files,
    processes: bareMachine,
    log: new CollectedLog(),
  };
  const config = await loadConfig({ env: {}, set: [] }, { label: 'pronto', dataFolder: '/hearth' }, files);
  const house = new House(config, domain, new MemoryStore(world, new MemoryBackend()), world);
  return (request) => {
    const answers: Element[] = [];
    const jid = Jid.parse(request.attribute('from') ?? '');
    house.router.route(request, {
      jid,
      edge: 'c2s',
      assurance: 'sasl',
      send: (stanza) => answers.push(stanza),
    });
    return answers;
  };
}
