import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { type Attributes, Element, type Node, noAttributes } from './element.js';
import type { StreamLimits } from './limits.js';
import { MarkupGuard } from './markup-guard.js';
import { NS } from './namespaces.js';
import type { StreamHeader } from './stream.js';
import { StreamFault } from './stream-fault.js';
import { Utf8Decoder } from './utf8-decoder.js';

/** What a stream is made of, in the order it came. A listener may stop the parser; then nothing more is called. */
export interface ParserEvents {
  header(header: StreamHeader): void;
  /** A first-level element, whole. */
  element(element: Element): void;
  /** `</stream:stream>` */
  end(): void;
}

/** Bytes that are decoded at once: what a hostile peer can make of one large segment stays this small. */
const PIECE = 16_384;

/** Thrown through the XML parser to leave it in the middle of a text. */
const STOP = new Error('stopped');

/**
 * Reads one XML stream (RFC 6120 §4 and §11) and counts what the peer sends: bytes, elements, depth, attributes and
 * lengths of names, each first-level element for itself and the header likewise. Nothing beyond the limit reaches the
 * XML parser. White space between first-level elements is a keep-alive and costs nothing.
 *
 * Elements of the stream's default namespace come out as jabber:client, whatever the header calls it.
 */
export class XmlParser {
  private readonly xml: SaxesParser<{ xmlns: true; position: false; forceXMLVersion: true }>;
  private readonly decoder = new Utf8Decoder();
  private readonly guard = new MarkupGuard();
  private readonly events: ParserEvents;
  private limits: StreamLimits;
  private nextLimits: StreamLimits;

  private state: 'prolog' | 'open' | 'ended' = 'prolog';
  private stopped = false;
  /** Whether nothing but white space came since the last first-level element. */
  private between = true;
  /** The header's default namespace; elements without one are not in it. */
  private contentNs: string = NS.client;

  /** The text that is in the XML parser now, where it begins in the whole, and whether it is ASCII. */
  private text = '';
  private textStart = 0;
  private ascii = true;
  /** Where the current first-level element begins in `text`; its bytes in the texts before. */
  private unitStart = 0;
  private unitBytes = 0;

  private elements = 0;
  /** Characters of namespaces in the current first-level element, as often as whoever writes it out repeats them. */
  private declared = 0;
  /** The namespace of each element that is open. */
  private readonly spaces: string[] = [];
  /** The children of each element that is open, and the first-level one. */
  private readonly open: Node[][] = [];
  private first: Element | undefined;

  constructor(limits: StreamLimits, events: ParserEvents) {
    this.limits = limits;
    this.nextLimits = limits;
    this.events = events;
    this.xml = new SaxesParser({
      xmlns: true,
      position: false,
      forceXMLVersion: true,
      defaultXMLVersion: '1.0',
    });
    this.listen();
  }

  /** Other limits from the next first-level element on. */
  limit(limits: StreamLimits): void {
    this.nextLimits = limits;
  }

  /** Nothing of what is left, or comes, is read. */
  stop(): void {
    this.stopped = true;
  }

  /**
   * Takes what came from the peer, cut anywhere.
   * @throws StreamFault, once; then the parser is of no more use.
   */
  write(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length && !this.stopped; at += PIECE) {
        const piece = bytes.length <= PIECE ? bytes : bytes.subarray(at, at + PIECE);
        if (this.textStart === 0 && this.state === 'prolog') refuseUtf16(piece);
        const { text, ascii } = this.decoder.decode(piece);
        this.ascii = ascii;
        this.take(text);
      }
    } catch (error) {
      this.stopped = true;
      if (error !== STOP) throw error;
    } finally {
      this.text = '';
    }
  }

  private take(text: string): void {
    let at = 0;
    while (at < text.length && !this.stopped) {
      if (this.between) {
        at = this.skipSpace(text, at);
        if (at === text.length) return;
        this.begin(text.charCodeAt(at), 0);
      }
      const room = this.limits.bytes - this.unitBytes;
      if (room <= 0) throw tooMuch('bytes');
      let end = Math.min(text.length, at + room);
      // A character of two code units is not cut: its halves would count as six bytes.
      if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end++;
      this.feed(at === 0 && end === text.length ? text : text.slice(at, end));
      at = end;
    }
  }

  /** Gives text to the XML parser, up to where forbidden markup begins. */
  private feed(text: string): void {
    const forbidden = this.guard.find(text);
    this.text = forbidden === undefined ? text : text.slice(0, Math.max(0, forbidden));
    this.xml.write(this.text);
    if (forbidden !== undefined) throw restricted();
    if (!this.between) {
      this.unitBytes += this.bytes(this.unitStart, this.text.length);
      if (this.unitBytes > this.limits.bytes) throw tooMuch('bytes');
    }
    this.unitStart = 0;
    this.textStart += this.text.length;
  }

  /**
   * Six listeners and no more: the XML parser keeps them under computed names, and V8 makes a slow dictionary of it
   * with the seventh. What further events would tell is in the markup guard and in the tags.
   */
  private listen(): void {
    this.xml.on('error', (error) => {
      throw new StreamFault('not-well-formed', error.message.slice(0, 200));
    });
    // It fills what it finds here; the objects that it makes itself are slow to fill and to read.
    this.xml.on('opentagstart', (tag) => {
      tag.attributes = noAttributes<SaxesAttributeNS>();
    });
    this.xml.on('opentag', (tag) => this.openElement(tag));
    this.xml.on('closetag', () => this.closeElement());
    this.xml.on('text', (text) => this.addText(text));
    this.xml.on('cdata', (text) => this.addCdata(text));
  }

  private openElement(tag: SaxesTagNS): void {
    if (this.state === 'prolog') {
      this.openStream(tag);
      return;
    }
    if (++this.elements > this.limits.elements) throw tooMuch('elements');
    if (this.open.length >= this.limits.depth) throw tooMuch('depth');
    this.checkName(tag.name);
    if (tag.uri === NS.streams && tag.local === 'stream')
      throw new StreamFault('invalid-namespace', 'A stream does not begin inside a stream.');
    const children: Node[] = [];
    const ns = tag.uri === this.contentNs ? NS.client : tag.uri;
    if (ns !== this.spaces[this.spaces.length - 1]) this.declare(ns);
    const element = new Element(tag.local, ns, this.attributesOf(tag), children);
    const parent = this.open[this.open.length - 1];
    if (parent === undefined) this.first = element;
    else parent.push(element);
    this.open.push(children);
    this.spaces.push(ns);
  }

  /** A namespace that a prefix names often is short here and long for the one that the stanza goes on to. */
  private declare(ns: string): void {
    this.declared += ns.length;
    if (this.declared > this.limits.bytes) throw tooMuch('bytes');
  }

  /** Attributes as elements carry them: without declarations, but for those that prefixes of attributes need. */
  private attributesOf(tag: SaxesTagNS): Attributes {
    const attributes = noAttributes();
    let count = 0;
    for (const name in tag.attributes) {
      if (++count > this.limits.attributes) throw tooMuch('attributes');
      this.checkName(name);
      const attribute = tag.attributes[name];
      if (attribute === undefined || name === 'xmlns' || attribute.prefix === 'xmlns') continue;
      attributes[name] = attribute.value;
      const { prefix } = attribute;
      if (prefix === '' || prefix === 'xml') continue;
      this.declare(attribute.uri);
      attributes[`xmlns:${prefix}`] = attribute.uri;
    }
    return attributes;
  }

  private checkName(name: string): void {
    const limit = this.limits.name;
    if (name.length * 3 > limit && Buffer.byteLength(name) > limit) throw tooMuch('name');
  }

  private openStream(tag: SaxesTagNS): void {
    const { encoding = 'utf-8' } = this.xml.xmlDecl;
    if (encoding.toLowerCase() !== 'utf-8') throw otherEncoding();
    if (tag.uri !== NS.streams)
      throw new StreamFault('invalid-namespace', `The stream's namespace is ${NS.streams}.`);
    if (tag.local !== 'stream') throw new StreamFault('bad-format', 'A stream begins with <stream:stream>.');
    this.checkUnit();
    this.state = 'open';
    const ns = tag.ns[''] ?? '';
    if (ns !== '' && ns !== NS.streams) this.contentNs = ns;
    const { from, to, id, version, 'xml:lang': lang } = this.attributesOf(tag);
    this.events.header({ from, to, id, version, lang, ns });
    this.endUnit();
  }

  private closeElement(): void {
    this.open.pop();
    this.spaces.pop();
    if (this.open.length > 0) return;
    const element = this.first;
    this.checkUnit();
    if (element === undefined) {
      this.state = 'ended';
      this.events.end();
    } else {
      this.first = undefined;
      this.events.element(element);
    }
    this.endUnit();
  }

  private addText(text: string): void {
    const children = this.open[this.open.length - 1];
    if (children === undefined) return;
    const last = children.length - 1;
    const before = children[last];
    if (typeof before === 'string') children[last] = before + text;
    else if (text !== '') children.push(text);
  }

  private addCdata(text: string): void {
    if (this.open.length === 0) throw strayText();
    this.addText(text);
  }

  /** Where the XML parser is in `text`. */
  private position(): number {
    return this.xml.position - this.textStart;
  }

  /** Counts a first-level element that has just ended, before anybody hears of it. */
  private checkUnit(): void {
    if (this.unitBytes + this.bytes(this.unitStart, this.position()) > this.limits.bytes)
      throw tooMuch('bytes');
  }

  /** Goes on behind a first-level element: over white space, to the beginning of the next. */
  private endUnit(): void {
    if (this.stopped) throw STOP;
    const at = this.skipSpace(this.text, this.position());
    this.between = true;
    if (at < this.text.length) this.begin(this.text.charCodeAt(at), at);
  }

  private begin(code: number, at: number): void {
    if (this.state === 'ended')
      throw new StreamFault('not-well-formed', 'Nothing follows the end of the stream.');
    if (code !== LESS_THAN) {
      if (this.state === 'prolog') throw new StreamFault('not-well-formed', 'A stream begins with markup.');
      throw strayText();
    }
    this.between = false;
    this.limits = this.nextLimits;
    this.unitStart = at;
    this.unitBytes = 0;
    this.elements = 0;
    this.declared = 0;
  }

  private skipSpace(text: string, from: number): number {
    let at = from;
    // XML 1.0 §4.3.3: a byte order mark belongs to no document.
    if (this.textStart === 0 && this.state === 'prolog' && text.charCodeAt(at) === BYTE_ORDER_MARK) at++;
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    return at;
  }

  private bytes(from: number, to: number): number {
    return this.ascii ? to - from : Buffer.byteLength(this.text.slice(from, to));
  }
}

const LESS_THAN = 0x3c;
const BYTE_ORDER_MARK = 0xfeff;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function refuseUtf16(bytes: Buffer): void {
  const [first, second] = bytes;
  const mark = first === 0xfe || first === 0xff;
  const wide = (first === 0 && second === LESS_THAN) || (first === LESS_THAN && second === 0);
  if (mark || wide) throw otherEncoding();
}

function strayText(): StreamFault {
  return new StreamFault('bad-format', 'Only white space may stand between stanzas.');
}

function otherEncoding(): StreamFault {
  return new StreamFault('unsupported-encoding', 'The encoding of XMPP is UTF-8.');
}

function restricted(): StreamFault {
  return new StreamFault(
    'restricted-xml',
    'XMPP allows no document types, comments, processing instructions and entities.',
  );
}

function tooMuch(what: keyof StreamLimits): StreamFault {
  return new StreamFault('policy-violation', `The peer sent more than the limit of ${what}.`);
}
