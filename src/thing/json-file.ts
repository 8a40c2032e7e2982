import type { Files } from '../system/files.js';

/** One JSON document in a file of the thing's folder, mode 0600. */
export class JsonFile<Value> {
  private readonly path: string;
  private readonly files: Files;
  private readonly isSound: (json: unknown) => json is Value;
  private writing: Promise<void> = Promise.resolve();

  constructor(path: string, files: Files, isSound: (json: unknown) => json is Value) {
    this.path = path;
    this.files = files;
    this.isSound = isSound;
  }

  /** What the file holds, `undefined` if there is none. Rejects where it is damaged or cannot be read. */
  async read(): Promise<Value | undefined> {
    const bytes = await this.files.read(this.path);
    if (bytes === undefined) return undefined;
    const damaged = `${this.path} is damaged. Restore it, or delete it to begin anew without it.`;
    let json: unknown;
    try {
      json = JSON.parse(bytes.toString());
    } catch (cause) {
      throw new Error(damaged, { cause });
    }
    if (!this.isSound(json)) throw new Error(damaged);
    return json;
  }

  /** Writes the value that is true when its turn comes: one write at a time. Resolves once that is on the disk. */
  write(newest: () => Value): Promise<void> {
    const write = () => this.files.write(this.path, `${JSON.stringify(newest())}\n`, 0o600);
    this.writing = this.writing.then(write, write);
    return this.writing;
  }

  /** Resolves once nothing is being written any more. */
  async idle(): Promise<void> {
    // Whoever asked for the write hears how it went.
    await this.writing.catch(() => undefined);
  }
}

/** Whether a JSON value is an object with names. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a JSON value is a list whose items are all sound. */
export function isListOf<Item>(
  value: unknown,
  isSound: (item: unknown) => item is Item,
): value is readonly Item[] {
  return Array.isArray(value) && value.every(isSound);
}

/** Whether a JSON value is a text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string';
}
