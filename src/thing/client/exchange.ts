import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Random } from '../../system/random.js';
import type { Element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { StreamHeader, XmppStream } from '../../xmpp/stream.js';
import type { Inbox } from './inbox.js';
import { SessionError } from './session-error.js';

/** A stream that is being negotiated: what the steps of RFC 6120 §4.3 share. */
export class Exchange {
  readonly stream: XmppStream;
  readonly inbox: Inbox;
  readonly random: Random;
  /** The XMPP domain: what was asked for, then what the hub says it is. */
  domain: string;

  constructor(stream: XmppStream, inbox: Inbox, domain: string, random: Random) {
    this.stream = stream;
    this.inbox = inbox;
    this.domain = domain;
    this.random = random;
  }

  /** The TLS under the stream, `undefined` before STARTTLS. */
  get secured(): tls.TLSSocket | undefined {
    const connection: Duplex = this.stream.connection;
    return connection instanceof tls.TLSSocket ? connection : undefined;
  }

  /** Sends our header; resolves with the hub's features (RFC 6120 §4.3.2). */
  async open(): Promise<Element> {
    this.stream.sendHeader({ to: this.domain, version: '1.0', lang: 'en', ns: NS.client });
    const header = await this.inbox.next();
    if ('children' in header) throw unexpected(header);
    if (header.version !== '1.0' || header.ns !== NS.client)
      throw new SessionError('protocol', 'What answers there is no XMPP server.');
    this.domain = domainOf(header, this.domain);
    return this.receive('features', NS.streams);
  }

  /** The next element, which must be one of `names` in `ns`. */
  async receive(names: string | readonly string[], ns: string): Promise<Element> {
    const next = await this.inbox.next();
    if (!('children' in next) || next.ns !== ns || !names.includes(next.name)) throw unexpected(next);
    return next;
  }

  /** Sends an element and resolves with the answer, as `receive` does. */
  ask(element: Element, names: string | readonly string[], ns: string): Promise<Element> {
    this.stream.send(element);
    return this.receive(names, ns);
  }
}

function domainOf(header: StreamHeader, asked: string): string {
  return header.from ?? asked;
}

function unexpected(item: Element | StreamHeader): SessionError {
  const what = 'children' in item ? `<${item.name} xmlns='${item.ns}'/>` : 'a stream header';
  return new SessionError('protocol', `The hub sent ${what} where something else must come.`);
}
