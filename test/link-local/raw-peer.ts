import type { Connection } from '../../src/system/network.js';
import { until } from '../xmpp/recording.js';

/** A peer that writes what a test makes it write, byte by byte as real clients do. */
export class RawPeer {
  readonly connection: Connection;
  received = '';
  ended = false;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.on('data', (bytes: Buffer) => {
      this.received += bytes.toString();
    });
    connection.on('end', () => {
      this.ended = true;
    });
    connection.on('close', () => {
      this.ended = true;
    });
    connection.on('error', () => {
      this.ended = true;
    });
  }

  /** Writes text as it is. */
  writes(text: string): void {
    this.connection.write(text);
  }

  /** Waits until this text came, and forgets all up to its end. Tells what stood before it. */
  async reads(text: string): Promise<string> {
    await until(() => this.received.includes(text), `${text} in ${this.received}`).catch((cause: unknown) => {
      throw new Error(`${text} never came, but ${this.received}`, { cause });
    });
    const at = this.received.indexOf(text) + text.length;
    const before = this.received.slice(0, at);
    this.received = this.received.slice(at);
    return before;
  }

  /** Waits for the end of the connection. */
  async ends(): Promise<void> {
    await until(() => this.ended, 'the end of the connection');
  }

  /** Ends the connection without a word. */
  hangsUp(): void {
    this.connection.destroy();
  }
}
