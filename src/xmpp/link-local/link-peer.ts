import type { Jid } from '../../domain/jid.js';
import type { Log } from '../../system/log.js';
import type { Element } from '../element.js';
import type { Peer } from '../peer.js';
import { errorReply, mayFail } from '../stanza.js';
import { asText } from './as-text.js';
import type { EndpointOptions } from './endpoint-options.js';
import { jidOf, type LinkPresence } from './link-presence.js';
import type { LinkStream } from './link-stream.js';

const FULL = 'Too much waits for this peer already.';
const GONE = 'This peer left the link.';
const LOST = 'The stream to this peer broke.';
const MOVED = 'This name is not announced at your address any more.';
const MANY = 'You opened other streams.';

/** Streams with one peer: what it opens beyond that ends the oldest. */
const MOST_STREAMS = 4;

/** A stanza that waits for a stream. */
interface Waiting {
  readonly stanza: Element;
  /** Hears whether it left. */
  readonly left: (left: boolean) => void;
}

/** A presence that is announced, with its streams: the same object as long as it is. */
export class LinkPeer implements Peer {
  readonly jid: Jid;
  readonly edge = 'link-local';
  /** Where it is now. */
  presence: LinkPresence;
  private readonly options: EndpointOptions;
  private readonly log: Log;
  /** Opens a stream; `called` says how that ended. */
  private readonly call: (peer: LinkPeer) => void;
  /** Those that the peer opened, the newest last; before them ours, the newest last. */
  private streams: LinkStream[] = [];
  private waiting: Waiting[] = [];
  private calling = false;
  private gone = false;
  /** The stream whose stanza is being answered: what it proved counts, not what another did. */
  private speaker: LinkStream | undefined;

  constructor(
    jid: Jid,
    presence: LinkPresence,
    parts: { options: EndpointOptions; log: Log; call: (peer: LinkPeer) => void },
  ) {
    this.jid = jid;
    this.presence = presence;
    this.options = parts.options;
    this.log = parts.log;
    this.call = parts.call;
  }

  get assurance(): 'unverified' | 'certificate' {
    return this.voice?.verdict ?? 'unverified';
  }

  get certificate(): string | undefined {
    return this.voice?.shown.certificate;
  }

  /** The certificate authority of the certificate that the peer showed: its fingerprint. */
  get authority(): string | undefined {
    return this.voice?.shown.authority;
  }

  /** Whether the presence is not announced any more. */
  get isGone(): boolean {
    return this.gone;
  }

  /** Whether a name in a header or stanza is this peer's; a resource does not count. */
  isNamed(name: string): boolean {
    return jidOf(bareOf(name))?.bare === this.jid.bare;
  }

  send(stanza: Element): void {
    this.bring({ stanza, left: () => undefined });
  }

  deliver(stanza: Element): Promise<boolean> {
    return new Promise((left) => this.bring({ stanza, left }));
  }

  /** A stream with this peer is negotiated. */
  joined(stream: LinkStream): void {
    const place = this.streams.filter(({ role }) => role === 'initiator').length;
    if (stream.role === 'recipient') this.streams.push(stream);
    else this.streams.splice(place, 0, stream);
    if (this.streams.length <= MOST_STREAMS) return;
    const used = this.usable();
    const others = this.streams.filter((one) => one !== stream && one !== used);
    // Who is not sure to be the peer puts none out who is.
    const oldest = others.find(({ verdict }) => verdict !== 'certificate') ?? others[0];
    oldest?.fail('conflict', MANY);
  }

  /** A stream can be used: the newest that the peer opened is, others are read until they are silent. */
  settled(stream: LinkStream): void {
    const refused = stream.role === 'initiator' && !this.judge(stream);
    if (refused) {
      this.bounceAll(this.refusal());
      this.refuse(stream);
      return;
    }
    const newest = this.usable();
    if (newest !== undefined) for (const one of this.streams) if (one !== newest) one.replace();
    this.flush();
    this.reach();
  }

  /** A stream is over. */
  left(stream: LinkStream): void {
    this.streams = this.streams.filter((one) => one !== stream);
    if (this.speaker === stream) this.speaker = undefined;
    this.reach();
  }

  /** What `call` asked for is over: a stream opened, or none could for this reason. */
  called(reason: string | undefined): void {
    this.calling = false;
    this.flush();
    if (!this.isNegotiating) this.bounceAll(reason ?? LOST);
  }

  /** A stanza came by one of the streams. */
  heard(stanza: Element, stream: LinkStream): void {
    if (this.gone) return;
    if (!this.judge(stream)) {
      this.refuse(stream);
      return;
    }
    if (stream.verdict === 'unverified' && !stream.isFromPeer) {
      stream.fail('invalid-from', MOVED);
      return;
    }
    this.speaker = stream;
    const to = stanza.attribute('to') ?? this.options.instance();
    this.options.receive(stanza.withAttributes({ from: this.jid.bare, to }), this);
  }

  /** The presence is not announced any more, or the endpoint stops. */
  end(): void {
    this.gone = true;
    this.bounceAll(GONE);
    for (const stream of this.streams) stream.close();
  }

  private bring(one: Waiting): void {
    if (one.stanza.name === 'presence' || this.gone) {
      one.left(false);
      return;
    }
    const stream = this.waiting.length === 0 ? this.open() : undefined;
    if (stream !== undefined) this.say(one, stream);
    else if (this.waiting.length >= this.options.limits.waiting) this.bounce(one, FULL);
    else {
      this.waiting.push(one);
      this.reach();
    }
  }

  private say({ stanza, left }: Waiting, stream: LinkStream): void {
    stream.say(this.addressed(stanza));
    left(true);
  }

  private get voice(): LinkStream | undefined {
    return this.speaker ?? this.usable();
  }

  /** Whether a stream is about to be one that can be used. For a pinned name those of others are not waited for. */
  private get isNegotiating(): boolean {
    const pinned = this.options.isPinned(this.jid.bare);
    return this.streams.some((one) => !one.settled && (!pinned || one.role === 'initiator'));
  }

  /** The stream for what is to be said now. Of a pinned name one in clear is none, also before anybody is judged. */
  private open(): LinkStream | undefined {
    for (let stream = this.usable(); stream !== undefined; stream = this.usable()) {
      if (this.judge(stream)) return stream;
      this.refuse(stream);
    }
    return undefined;
  }

  private usable(): LinkStream | undefined {
    const pinned = this.options.isPinned(this.jid.bare);
    return this.streams.findLast((one) => one.isUsable && (!pinned || one.shown.certificate !== undefined));
  }

  private judge(stream: LinkStream): boolean {
    const { certificate, authority } = stream.shown;
    const verdict = this.options.admit(this.jid.bare, certificate, authority);
    if (verdict === 'refused') return false;
    stream.verdict = verdict;
    return true;
  }

  private refuse(stream: LinkStream): void {
    this.log.info('A peer on the link was refused for its certificate.', {
      peer: this.jid.bare,
      address: stream.address,
    });
    stream.fail('not-authorized', this.refusal());
  }

  private refusal(): string {
    return (
      this.options.refusal?.(this.jid.bare) ??
      'This name speaks only over TLS with the certificate that is known for it.'
    );
  }

  private flush(): void {
    while (this.waiting.length > 0) {
      const stream = this.open();
      const next = stream === undefined ? undefined : this.waiting.shift();
      if (stream === undefined || next === undefined) return;
      this.say(next, stream);
    }
  }

  /** Opens a stream for what waits, unless one is being opened. */
  private reach(): void {
    if (this.waiting.length === 0 || this.calling || this.gone || this.isNegotiating) return;
    this.calling = true;
    this.call(this);
  }

  private addressed(stanza: Element): Element {
    return asText(stanza).withAttributes({ from: this.options.instance(), to: this.presence.instance });
  }

  private bounceAll(reason: string): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const one of waiting) this.bounce(one, reason);
  }

  /**
   * Whoever sent it hears in a later turn, as he would from a peer, that it was not brought to anybody. Not that he was
   * refused: somebody else in the place of the peer says nothing for it.
   */
  private bounce({ stanza, left }: Waiting, reason: string): void {
    left(false);
    if (!mayFail(stanza)) return;
    const to = stanza.attribute('from') ?? this.options.instance();
    const error = errorReply(stanza, 'recipient-unavailable', reason).withAttributes({
      from: this.jid.bare,
      to,
    });
    queueMicrotask(() => this.options.receive(error, this));
  }
}

function bareOf(name: string): string {
  const slash = name.indexOf('/');
  return slash < 0 ? name : name.slice(0, slash);
}
