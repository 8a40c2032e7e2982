import type { Clock } from '../../src/system/clock.js';
import type { Connection } from '../../src/system/network.js';
import type { Element } from '../../src/xmpp/element.js';
import { afterLogin, type StreamLimits } from '../../src/xmpp/limits.js';
import { openStream } from '../../src/xmpp/open-stream.js';
import { serialize } from '../../src/xmpp/serialize.js';
import type { StreamHandler, StreamHeader, StreamOptions, XmppStream } from '../../src/xmpp/stream.js';
import { ManualClock } from '../world/manual-clock.js';
import { type MemoryConnection, memoryPair } from '../world/memory-connection.js';

/** Resolves when `condition` holds; looks in every turn of the event loop. Rejects after 5 s. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`${what} never came`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Writes down what a stream says, as lines. */
export class Recorder implements StreamHandler {
  readonly lines: string[] = [];
  readonly headers: StreamHeader[] = [];
  readonly elements: Element[] = [];
  readonly ends: { condition: string | undefined; text: string | undefined }[] = [];
  /** What to do on an element besides writing it down. */
  react: (element: Element) => void = () => undefined;

  opened(header: StreamHeader): void {
    this.headers.push(header);
    this.lines.push(`header ${JSON.stringify(header)}`);
  }

  element(element: Element): void {
    this.elements.push(element);
    this.lines.push(`element ${serialize(element, '')}`);
    this.react(element);
  }

  closed(condition: string | undefined, text: string | undefined): void {
    this.ends.push({ condition, text });
    this.lines.push(`closed ${condition ?? ''}`);
  }
}

/** A stream under test with the peer's end of its connection. */
export interface Rig {
  readonly stream: XmppStream;
  readonly recorder: Recorder;
  readonly clock: ManualClock;
  /** The peer's end, to write raw bytes to. */
  readonly peer: MemoryConnection;
  /** What the peer has read. */
  received(): string;
  /** Whether the peer saw the end of the connection. */
  hungUp(): boolean;
}

/** A stream over one end of a pair in memory. */
export function rig(options: Partial<StreamOptions> & { limits?: StreamLimits } = {}): Rig {
  const [peer, own] = memoryPair();
  const clock = new ManualClock();
  const recorder = new Recorder();
  let text = '';
  let ended = false;
  peer.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  peer.on('end', () => {
    ended = true;
  });
  peer.on('error', () => undefined);
  const stream = open(own, recorder, clock, options);
  return { stream, recorder, clock, peer, received: () => text, hungUp: () => ended };
}

function open(own: Connection, handler: Recorder, clock: Clock, options: Partial<StreamOptions>): XmppStream {
  return openStream(own, { role: 'recipient', limits: afterLogin, handler, clock, ...options });
}

/** A header as clients send it. */
export const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='hub.local' version='1.0'>";
