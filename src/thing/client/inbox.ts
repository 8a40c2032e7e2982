import type { Element } from '../../xmpp/element.js';
import type { StreamHandler, StreamHeader } from '../../xmpp/stream.js';
import { SessionError } from './session-error.js';

/** Who takes the elements of a stream once it is negotiated. */
export interface InboxReceiver {
  element(element: Element): void;
  /** `reason` is a text for a person. */
  closed(reason: string): void;
}

interface Waiting {
  resolve(item: StreamHeader | Element): void;
  reject(error: SessionError): void;
}

/**
 * What a stream brings, in a queue that negotiation reads one by one, in the order in which the hub must speak. After
 * negotiation everything goes straight to a receiver.
 */
export class Inbox implements StreamHandler {
  private queue: (StreamHeader | Element)[] = [];
  private waiting: Waiting | undefined;
  private receiver: InboxReceiver | undefined;
  private end: string | undefined;

  opened(header: StreamHeader): void {
    this.add(header);
  }

  element(element: Element): void {
    if (this.receiver === undefined) this.add(element);
    else this.receiver.element(element);
  }

  closed(condition: string | undefined, text: string | undefined): void {
    const reason = condition === undefined ? 'The connection to the hub ended.' : describe(condition, text);
    this.end = reason;
    this.receiver?.closed(reason);
    this.waiting?.reject(new SessionError('unreachable', reason));
    this.waiting = undefined;
  }

  /** The next header or element. Rejects when the stream ends before it comes. One caller at a time. */
  next(): Promise<StreamHeader | Element> {
    const first = this.queue.shift();
    if (first !== undefined) return Promise.resolve(first);
    if (this.end !== undefined) return Promise.reject(new SessionError('unreachable', this.end));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  /** Forgets what was not read: a peer may say nothing between `<proceed/>` and its new header. */
  clear(): void {
    this.queue = [];
  }

  /** Hands what is queued, and all that comes from now on, to the receiver. */
  forward(receiver: InboxReceiver): void {
    this.receiver = receiver;
    const queue = this.queue;
    this.queue = [];
    for (const item of queue) if ('children' in item) receiver.element(item);
    if (this.end !== undefined) receiver.closed(this.end);
  }

  private add(item: StreamHeader | Element): void {
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting === undefined) this.queue.push(item);
    else waiting.resolve(item);
  }
}

function describe(condition: string, text: string | undefined): string {
  return `The stream to the hub ended with ${condition}${text === undefined ? '' : `: ${text}`}.`;
}
