import type { Timer } from '../system/clock.js';
import type { Connection } from '../system/network.js';
import type { Element } from './element.js';
import type { StreamLimits } from './limits.js';
import { NS } from './namespaces.js';
import { XmlParser } from './parser.js';
import { serialize } from './serialize.js';
import type { StreamHeader, StreamOptions, XmppStream } from './stream.js';
import { StreamFault } from './stream-fault.js';
import { headerXml, STREAM_END, streamErrorXml } from './stream-xml.js';
import { WriteQueue } from './write-queue.js';

/** Milliseconds that a peer has to answer our end of the stream, or to take our last words. */
const CLOSING = 2000;
/** Milliseconds from a stream error to the end of the connection: time for the error to leave. */
const AFTER_ERROR = 50;
const QUEUE = 4_194_304;

/** A stream over a connection: what `openStream` returns. */
export class LiveStream implements XmppStream {
  connection: Connection;
  ended = false;
  private readonly options: StreamOptions;
  private parser: XmlParser;
  private queue: WriteQueue;
  private limits: StreamLimits;
  private headerSent = false;
  private endSent = false;
  private endReceived = false;
  /** What the connection said when it broke. */
  private broken: string | undefined;
  private timer: Timer | undefined;

  constructor(connection: Connection, options: StreamOptions) {
    this.connection = connection;
    this.options = options;
    this.limits = options.limits;
    this.parser = new XmlParser(this.limits, this);
    this.queue = this.makeQueue();
  }

  /** Begins to read. */
  start(): void {
    const { connection } = this;
    if (connection.destroyed) process.nextTick(this.onClose);
    connection.on('data', this.onData).on('end', this.onEnd);
    connection.on('close', this.onClose).on('error', this.onError);
  }

  sendHeader(header: StreamHeader): void {
    if (this.ended) return;
    this.headerSent = true;
    this.queue.push(headerXml(header));
  }

  send(element: Element): void {
    if (this.ended || this.endSent) return;
    if (!this.headerSent) this.internalError(new Error('an element was sent before the header'));
    else this.queue.push(serialize(element, NS.client, true));
  }

  restart(connection: Connection = this.connection): void {
    if (this.ended) return;
    this.parser.stop();
    this.queue.flush();
    this.headerSent = false;
    this.endReceived = false;
    this.parser = new XmlParser(this.limits, this);
    if (connection === this.connection) return;
    this.release();
    this.connection = connection;
    this.queue = this.makeQueue();
    this.start();
  }

  limit(limits: StreamLimits): void {
    this.limits = limits;
    this.parser.limit(limits);
  }

  fail(condition: string, text?: string): void {
    if (this.ended) return;
    if (!this.endSent) {
      if (!this.headerSent) this.sendHeader(this.ownHeader());
      this.queue.push(streamErrorXml(condition, text));
    }
    this.finish(condition, text, AFTER_ERROR);
  }

  close(): void {
    if (this.ended || this.endSent) return;
    if (!this.headerSent) {
      this.finish(undefined, undefined, CLOSING);
      return;
    }
    this.sendEnd();
    this.queue.flush();
    this.timer = this.options.clock.after(
      CLOSING,
      () => this.finish(undefined, undefined, AFTER_ERROR),
      'end of stream',
    );
  }

  /** The peer's header, by the parser. */
  header(header: StreamHeader): void {
    this.call(() => this.options.handler.opened(header));
  }

  /** A first-level element, by the parser. */
  element(element: Element): void {
    if (element.is('error', NS.streams)) this.receiveError(element);
    else this.call(() => this.options.handler.element(element));
  }

  /** The peer's end of the stream, by the parser. What it sends behind it in the same segment is still judged. */
  end(): void {
    this.endReceived = true;
  }

  private readonly onData = (bytes: Buffer): void => {
    // After an error the rest is read and dropped: a connection closed over unread bytes takes the error with it.
    if (this.ended) return;
    try {
      this.parser.write(bytes);
    } catch (error) {
      if (error instanceof StreamFault) this.fail(error.condition, error.message);
      else this.internalError(error);
    }
    if (this.endReceived) this.finish(undefined, undefined, CLOSING);
  };

  private readonly onEnd = (): void => this.finish(undefined, this.broken, AFTER_ERROR);

  private readonly onClose = (): void => {
    this.finish(undefined, this.broken, AFTER_ERROR);
    this.timer?.cancel();
  };

  /** Close follows and ends the stream. */
  private readonly onError = (error: NodeJS.ErrnoException): void => {
    this.broken = error.code ?? error.message;
  };

  /** Calls a handler. */
  private call(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.internalError(error);
    }
  }

  private internalError(error: unknown): void {
    this.options.log?.error('A stream ends since the hub failed.', {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    this.fail('internal-server-error');
  }

  private receiveError(error: Element): void {
    const conditions = error.elements().filter(({ ns }) => ns === NS.streamErrors);
    const condition = conditions.find(({ name }) => name !== 'text')?.name ?? 'undefined-condition';
    this.finish(condition, error.child('text', NS.streamErrors)?.text(), AFTER_ERROR);
  }

  /** The one end of a stream: our last words, the end of the connection in at most `linger` milliseconds, `closed`. */
  private finish(condition: string | undefined, text: string | undefined, linger: number): void {
    if (this.ended) return;
    this.sendEnd();
    this.ended = true;
    this.parser.stop();
    this.queue.end();
    this.timer?.cancel();
    const { connection } = this;
    if (!connection.destroyed) {
      this.timer = this.options.clock.after(linger, () => connection.destroy(), 'end of connection');
    }
    try {
      this.options.handler.closed(condition, text);
    } catch (error) {
      this.options.log?.error('A stream has ended and the hub failed.', { error: String(error) });
    }
  }

  private sendEnd(): void {
    if (this.headerSent && !this.endSent) this.queue.push(STREAM_END);
    this.endSent = true;
  }

  private ownHeader(): StreamHeader {
    const { header, role, random } = this.options;
    if (header !== undefined) return header;
    return { ns: NS.client, version: '1.0', id: role === 'recipient' ? random?.id() : undefined };
  }

  private makeQueue(): WriteQueue {
    const { connection } = this;
    return new WriteQueue(connection, this.options.queue ?? QUEUE, () => {
      this.endSent = true;
      connection.destroy();
      this.finish('resource-constraint', 'The peer does not read what it is sent.', 0);
    });
  }

  /** Leaves the connection to whoever carries the stream on over it. */
  private release(): void {
    const { connection } = this;
    connection.off('data', this.onData).off('end', this.onEnd);
    connection.off('close', this.onClose).off('error', this.onError);
    // The connection above it ends with it, and says so; here nobody listens any more.
    connection.on('error', () => undefined);
  }
}
