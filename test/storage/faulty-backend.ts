import type { Change } from '../../src/storage/backend.js';
import { MemoryBackend } from '../../src/storage/memory-backend.js';

/** A database whose commits wait until the test lets them through, or fail. */
export class FaultyBackend extends MemoryBackend {
  /** How many changes each commit brought, the store's own records among them. */
  readonly commits: number[] = [];
  /** The keys that were looked up, in their order. */
  readonly lookedUp: string[] = [];
  /** The most commits that ran at the same time. */
  most = 0;
  private running = 0;
  private held: { readonly pass: () => void; readonly fail: (error: Error) => void }[] | undefined;
  private arrived: (() => void) | undefined;

  /** From now on commits wait. */
  hold(): void {
    this.held = [];
  }

  /** Resolves when a commit waits. */
  async waiting(): Promise<void> {
    if (this.held?.length === 0) await new Promise<void>((resolve) => (this.arrived = resolve));
  }

  /** Lets the waiting commits and all later ones through. */
  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const { pass } of held) pass();
  }

  /** The waiting commits fail, as when the disk is full. */
  break(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const { fail } of held) fail(new Error('ENOSPC: no space left on device'));
  }

  override get(key: string): string | undefined {
    this.lookedUp.push(key);
    return super.get(key);
  }

  override async commit(changes: Iterable<Change>): Promise<void> {
    const all = [...changes];
    this.commits.push(all.length);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    try {
      const { held } = this;
      if (held !== undefined) {
        await new Promise<void>((pass, fail) => {
          held.push({ pass, fail });
          this.arrived?.();
        });
      }
      await super.commit(all);
    } finally {
      this.running -= 1;
    }
  }
}
