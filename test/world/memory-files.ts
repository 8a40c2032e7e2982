import type { Files } from '../../src/system/files.js';

/** Files in memory. Folders are there when a test says so or not at all; nothing depends on them. */
export class MemoryFiles implements Files {
  private readonly files = new Map<string, Buffer>();

  async read(path: string): Promise<Buffer | undefined> {
    return this.files.get(path);
  }

  async write(path: string, data: string | Uint8Array): Promise<void> {
    this.files.set(path, Buffer.from(data));
  }

  async makeFolder(): Promise<void> {}

  async remove(path: string): Promise<void> {
    this.files.delete(path);
  }
}
