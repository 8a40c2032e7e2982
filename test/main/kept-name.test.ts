import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import { createHub } from '../../src/main.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { SystemRandom } from '../../src/system/random.js';
import { bareMachine } from '../world/bare-machine.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { MemoryFiles } from '../world/memory-files.js';
import { MemoryNetwork } from '../world/memory-network.js';

it('the first certificate of a hub with a kept mDNS name is good for that name', async () => {
  const world = {
    clock: new ManualClock(),
    random: new SystemRandom(),
    network: new MemoryNetwork(),
    files: new MemoryFiles(),
    processes: bareMachine,
    log: new CollectedLog(),
  };
  const identity = { domain: 'pronto.local', createdAt: 1, mdnsName: 'pronto-1' };
  await world.files.write('/hearth/instance.json', JSON.stringify(identity));
  const set = ['mdns.enabled=false', 'data=/hearth'];
  const config = await loadConfig({ env: {}, set }, { label: 'pronto', dataFolder: '/hearth' }, world.files);
  const hub = createHub(config, world, { store: new MemoryStore(world) });
  await hub.start();
  const pem = (await world.files.read('/hearth/tls/server.pem'))?.toString() ?? '';
  expect(new X509Certificate(pem).subjectAltName).toContain('DNS:pronto-1.local');
  await hub.stop();
});
