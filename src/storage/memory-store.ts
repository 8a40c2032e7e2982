import { EngineStore, type Opened, type StoreWorld } from './engine-store.js';
import { MemoryBackend } from './memory-backend.js';

/**
 * A store in memory. It outlives `stop` and `start`; another store on the same `memory` is the same hub after a
 * restart.
 */
export class MemoryStore extends EngineStore {
  protected readonly place = 'memory';
  private readonly memory: MemoryBackend;

  constructor(world: StoreWorld, memory: MemoryBackend = new MemoryBackend()) {
    super(world);
    this.memory = memory;
  }

  protected async open(): Promise<Opened> {
    return { backend: this.memory, witness: undefined };
  }

  protected async loaded(): Promise<void> {}

  protected committed(): void {}

  protected async shut(): Promise<void> {}
}
