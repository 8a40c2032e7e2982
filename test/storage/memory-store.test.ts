import { MemoryBackend } from '../../src/storage/memory-backend.js';
import { MemoryStore } from '../../src/storage/memory-store.js';
import { storeContract } from './store-contract.js';
import { storeWorld } from './store-stage.js';

storeContract({
  name: 'the store in memory',
  with: (use) => {
    const memory = new MemoryBackend();
    return use(() => new MemoryStore(storeWorld(), memory));
  },
});
