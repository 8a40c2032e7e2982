import type { Clock, Timer } from '../../system/clock.js';
import { type Element, element } from '../element.js';
import { NS } from '../namespaces.js';
import type { StreamHeader } from '../stream.js';
import type { LinkPeer } from './link-peer.js';
import type { LinkStream, Opening } from './link-stream.js';
import { isVersioned } from './stream-version.js';

/** Milliseconds that a peer has to answer with a header, before another address is tried. */
const ANSWER = 5000;
/** Milliseconds that features of a peer who says that it has some are waited for; several send none. */
const FEATURES = 2000;

/** How a stream opens that we dialled [0174 6]: TLS wherever it is offered. */
export class Calling implements Opening {
  private readonly clock: Clock;
  private readonly stream: LinkStream;
  private readonly peer: LinkPeer;
  private readonly done: (settled: boolean) => void;
  private securing = false;
  private timer: Timer;

  /** `done` is called once the stream can be used, and when it is over. */
  constructor(clock: Clock, stream: LinkStream, peer: LinkPeer, done: (settled: boolean) => void) {
    this.clock = clock;
    this.stream = stream;
    this.peer = peer;
    this.done = done;
    this.timer = clock.after(ANSWER, () => stream.fail('connection-timeout'), 'answer of a link stream');
  }

  opened(header: StreamHeader): void {
    const { stream, peer } = this;
    this.timer.cancel();
    if (header.from !== undefined && !peer.isNamed(header.from)) {
      stream.fail('invalid-from', 'Somebody else was called.');
      return;
    }
    if (stream.peer === undefined) stream.meet(peer);
    if (!isVersioned(header.version)) this.settle();
    else this.timer = this.clock.after(FEATURES, () => this.settle(), 'features of a link stream');
  }

  element(message: Element): boolean {
    if (message.is('features', NS.streams)) this.offered(message);
    else if (message.is('proceed', NS.tls) && this.securing && !this.stream.isSecure) {
      this.stream.secure();
      this.stream.sendHeader(this.peer.presence.instance, '1.0');
    } else if (message.is('failure', NS.tls) && this.securing) this.stream.close();
    else return false;
    return true;
  }

  admits(): boolean {
    // Inside a request for TLS it came in clear: what that proves is for the pins to say.
    if (!this.securing || this.stream.isSecure) this.settle();
    return true;
  }

  stop(): void {
    this.timer.cancel();
    this.done(false);
  }

  private offered(features: Element): void {
    if (this.stream.settled || this.securing !== this.stream.isSecure) return;
    if (this.stream.isSecure || features.child('starttls', NS.tls) === undefined) this.settle();
    else {
      this.timer.cancel();
      this.securing = true;
      this.stream.send(element('starttls', NS.tls));
    }
  }

  private settle(): void {
    this.timer.cancel();
    this.stream.settle();
    this.done(true);
  }
}
