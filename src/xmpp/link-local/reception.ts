import type { Timer } from '../../system/clock.js';
import { type Element, element } from '../element.js';
import { NS } from '../namespaces.js';
import type { StreamHeader } from '../stream.js';
import type { LinkContext } from './link-context.js';
import type { LinkPeer } from './link-peer.js';
import { isAt, jidOf } from './link-presence.js';
import type { LinkStream, Opening } from './link-stream.js';
import { isVersioned } from './stream-version.js';

/** Milliseconds that a presence may take to be known after the one who announced it opened a stream. */
const APPEAR = 2000;
/** Milliseconds until a peer that could begin TLS, and says nothing, is written to in clear. */
const FIRST_WORD = 2000;

/** How a stream opens that another dialled [0174 6]: who it is, and whether it goes on inside TLS. */
export class Reception implements Opening {
  private readonly context: LinkContext;
  private readonly stream: LinkStream;
  private versioned = false;
  private securing = false;
  /** Whether a name was given that is not known at this address yet. */
  private unknown: string | undefined;
  /** Stanzas that came before it is known from whom. */
  private held: Element[] = [];
  private timer: Timer | undefined;
  private unfollow: (() => void) | undefined;

  constructor(context: LinkContext, stream: LinkStream) {
    this.context = context;
    this.stream = stream;
  }

  opened(header: StreamHeader): void {
    const { stream } = this;
    const { from } = header;
    // Some wait for a header before they say anything; they copy names into XML as they are.
    if (!stream.isSecure) this.versioned = isVersioned(header.version);
    stream.sendHeader(from ?? this.sole()?.presence.instance, this.versioned ? '1.0' : undefined);
    if (this.versioned) stream.send(this.features(from));
    const { peer } = stream;
    if (peer === undefined) {
      if (from !== undefined) this.identify(from);
    } else if (from !== undefined && !peer.isNamed(from)) stream.fail('invalid-from');
    else stream.settle();
  }

  element(message: Element): boolean {
    if (!message.is('starttls', NS.tls)) return false;
    if (this.securing || !this.versioned) {
      this.stream.send(element('failure', NS.tls));
      this.stream.close();
      return true;
    }
    this.securing = true;
    // What waits came in clear.
    this.stop();
    this.stream.send(element('proceed', NS.tls));
    this.stream.secure();
    return true;
  }

  admits(stanza: Element): boolean {
    if (this.stream.peer !== undefined) {
      this.settle();
      return true;
    }
    if (this.held.length >= this.context.options.limits.waiting) {
      this.stream.fail('policy-violation', 'Too much was said before it is known by whom.');
      return false;
    }
    this.held.push(stanza);
    if (this.unknown === undefined) this.identify(stanza.attribute('from') ?? this.sole()?.presence.instance);
    return false;
  }

  stop(): void {
    if (this.unknown !== undefined) this.stream.pause(false);
    this.timer?.cancel();
    this.unfollow?.();
    this.unknown = undefined;
    this.held = [];
  }

  /** A name counts where it is announced, at the address that the connection comes from. */
  private identify(name: string | undefined): void {
    if (name === undefined || nameOf(name) === undefined) {
      this.stream.fail('invalid-from', 'Say from whom the stream is.');
      return;
    }
    const peer = this.find(name);
    if (peer !== undefined) {
      this.meet(peer);
      return;
    }
    this.unknown = name;
    this.stream.pause(true);
    this.unfollow = this.context.peers.follow(() => this.appeared(name));
    this.timer = this.context.clock.after(
      APPEAR,
      () => this.stream.fail('invalid-from', 'This name is not announced at your address.'),
      'presence of a link stream',
    );
  }

  private appeared(name: string): void {
    const peer = this.find(name);
    if (peer === undefined) return;
    this.unfollow?.();
    this.timer?.cancel();
    this.unknown = undefined;
    this.stream.pause(false);
    this.meet(peer);
  }

  private meet(peer: LinkPeer): void {
    const { stream, held } = this;
    this.held = [];
    stream.meet(peer);
    if (stream.peer === undefined) return;
    if (!this.versioned || stream.isSecure || held.length > 0) this.settle();
    else
      this.timer = this.context.clock.after(FIRST_WORD, () => this.settle(), 'first word of a link stream');
    for (const stanza of held) stream.hear(stanza);
  }

  private settle(): void {
    this.timer?.cancel();
    if (!this.securing || this.stream.isSecure) this.stream.settle();
  }

  private find(name: string): LinkPeer | undefined {
    const peer = this.context.peers.find(nameOf(name) ?? '');
    return peer !== undefined && isAt(peer.presence, this.stream.address) ? peer : undefined;
  }

  /** The only one who is announced at the address. */
  private sole(): LinkPeer | undefined {
    return this.context.peers.soleAt(this.stream.address);
  }

  /** TLS while in clear, and what we understand, so that nobody need ask [0174 10]. */
  private features(from: string | undefined): Element {
    const { options } = this.context;
    const name = nameOf(from ?? '');
    const pinned = name !== undefined && options.isPinned(name);
    const required = pinned ? element('required', NS.tls) : undefined;
    const tls = this.stream.isSecure ? undefined : element('starttls', NS.tls, {}, required);
    return element('features', NS.streams, {}, tls, options.info?.());
  }
}

/** The bare address that a name on the link is; a resource does not count. */
function nameOf(name: string): string | undefined {
  return jidOf(name.replace(/\/.*$/s, ''))?.bare;
}
