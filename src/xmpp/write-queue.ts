import type { Connection } from '../system/network.js';

/**
 * What waits to leave over a connection. All that is queued in one turn of the event loop leaves in one write; a peer
 * that does not read has so much queued and no more.
 */
export class WriteQueue {
  private readonly connection: Connection;
  private readonly limit: number;
  private readonly overflow: () => void;
  private queued = '';
  private scheduled = false;
  private ended = false;

  /** `limit` in characters, of what is queued here and in the connection; `overflow` is called once beyond it. */
  constructor(connection: Connection, limit: number, overflow: () => void) {
    this.connection = connection;
    this.limit = limit;
    this.overflow = overflow;
  }

  /** Queues text. After the end, or on a connection that is gone, it is dropped. */
  push(text: string): void {
    if (this.ended || !this.connection.writable) return;
    this.queued += text;
    if (this.queued.length + this.connection.writableLength > this.limit) {
      this.discard();
      this.overflow();
    } else if (!this.scheduled) {
      this.scheduled = true;
      process.nextTick(this.leave);
    }
  }

  /** Writes what is queued now, also to a peer that does not read. */
  flush(): void {
    const text = this.queued;
    this.queued = '';
    if (text !== '' && this.connection.writable) this.connection.write(text);
  }

  /** Drops what is queued and takes nothing more. */
  discard(): void {
    this.queued = '';
    this.ended = true;
  }

  /** Writes what is queued, then ends our side of the connection. */
  end(): void {
    if (!this.ended) this.flush();
    this.ended = true;
    if (!this.connection.writableEnded) this.connection.end();
  }

  private readonly leave = (): void => {
    this.scheduled = false;
    if (this.ended) return;
    if (!this.connection.writableNeedDrain) this.flush();
    else {
      this.scheduled = true;
      this.connection.once('drain', this.leave);
    }
  };
}
