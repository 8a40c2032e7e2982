import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers';
import type { Files } from '../system/files.js';
import type { Log } from '../system/log.js';
import type { Witness } from './load.js';
import { decodeRecord, encodeRecord, RecordError } from './record.js';

const KEY = 'head';
/** Room for the longest content; the file never changes its length, so that a write needs no new block. */
const LENGTH = 128;

interface Content {
  readonly instance: string;
  readonly seq: number;
}

/**
 * A small file beside the database that says which store lies there and how far it was written. It is written over
 * after each batch, without a sync: after a crash it may say too little, never too much. So a database that knows
 * less than this file has lost data.
 */
export class HeadFile {
  private readonly path: string;
  private readonly files: Files;
  private readonly log: Log;
  private handle: FileHandle | undefined;
  private instance = '';
  private wanted = 0;
  private written = 0;
  private writing: Promise<void> | undefined;

  constructor(path: string, files: Files, log: Log) {
    this.path = path;
    this.files = files;
    this.log = log;
  }

  /** What the file says; `undefined` if there is none. One that cannot be read still says that there was a store. */
  async read(): Promise<Witness | undefined> {
    const bytes = await this.files.read(this.path);
    if (bytes === undefined) return undefined;
    try {
      return decodeRecord<Content>(KEY, bytes.toString('utf8').trimEnd());
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      this.log.warn('The file that says how far the data was written is damaged; it is made anew.', {
        file: this.path,
      });
      return { instance: undefined, seq: 0 };
    }
  }

  /** Begins to follow a store from here on. Rejects with the system's error if the file cannot be written. */
  async begin(instance: string, seq: number): Promise<void> {
    this.instance = instance;
    this.wanted = seq;
    this.written = seq;
    await this.files.write(this.path, this.content(seq));
    this.handle = await open(this.path, 'r+');
  }

  /** A batch is on the disk. Writes of the file that wait are joined into one. */
  note(seq: number): void {
    this.wanted = seq;
    if (this.writing !== undefined || this.handle === undefined) return;
    this.writing = this.write(this.handle).finally(() => {
      this.writing = undefined;
    });
  }

  /** Writes what is left, and closes. */
  async end(): Promise<void> {
    await this.writing;
    const handle = this.handle;
    this.handle = undefined;
    if (handle === undefined) return;
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  private async write(handle: FileHandle): Promise<void> {
    try {
      // The callers' answers leave first.
      await new Promise<void>((resolve) => void setImmediate(resolve));
      while (this.written < this.wanted) {
        const seq = this.wanted;
        await handle.write(this.content(seq), 0, LENGTH, 0);
        this.written = seq;
      }
    } catch (error) {
      // Without this file a loss is found later or not at all, but nothing is lost by it.
      this.log.warn('The file beside the database could not be written.', {
        file: this.path,
        error: String(error),
      });
    }
  }

  private content(seq: number): Buffer {
    return Buffer.from(`${encodeRecord(KEY, { instance: this.instance, seq }).padEnd(LENGTH - 1)}\n`);
  }
}
