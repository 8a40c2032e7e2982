import { MAX_LABELS, MAX_NAME } from './names.js';

const HEADER = 12;
const MAX_PACKET = 9000;
const SMALLEST_QUESTION = 5;
const SMALLEST_RECORD = 11;
const OPCODE_AND_RCODE = 0x780f;
/**
 * Labels and pointers that the names of one packet may have in all: pointers make long names of two bytes each, and
 * every one is built when it is read. The largest packet full of known answers has three quarters of that.
 */
const MAX_STEPS = 4096;
/** What a byte of a bitmap counts, for it may stand for eight types. */
const BYTE_OF_TYPES = 4;
const TOO_LONG = 'names longer than one packet needs';

const A = 1;
const NS = 2;
const CNAME = 5;
const SOA = 6;
const PTR = 12;
const MX = 15;
const TXT = 16;
const RP = 17;
const AAAA = 28;
const SRV = 33;
const NAPTR = 35;
const DNAME = 39;
const RRSIG = 46;
const NSEC = 47;

/**
 * Looks a datagram over before anything is built from it: counts that fit its length, names that end, data
 * that fills its length exactly. Returns why the datagram is refused, or `undefined` if it may be decoded.
 * Costs one pass over at most 9000 bytes and 4096 steps along names, whatever the header claims. RFC 6762 §17, §18
 */
export function refusal(packet: Buffer): string | undefined {
  if (packet.length < HEADER) return 'shorter than a header';
  if (packet.length > MAX_PACKET) return 'longer than a packet may be';
  if ((packet.readUInt16BE(2) & OPCODE_AND_RCODE) !== 0) return 'not a plain query or response';
  const questions = packet.readUInt16BE(4);
  const records = packet.readUInt16BE(6) + packet.readUInt16BE(8) + packet.readUInt16BE(10);
  if (questions * SMALLEST_QUESTION + records * SMALLEST_RECORD > packet.length - HEADER) {
    return 'more entries than bytes for them';
  }
  const scan = new Scan(packet);
  let at = HEADER;
  for (let i = 0; i < questions; i++) {
    at = scan.endOfName(at) + 4;
    if (!(at <= packet.length)) return scan.isSpent ? TOO_LONG : 'bad question';
  }
  for (let i = 0; i < records; i++) {
    at = scan.endOfRecord(at);
    if (Number.isNaN(at)) return scan.isSpent ? TOO_LONG : 'bad record';
  }
  return undefined;
}

/** A walk over one packet. What does not end well ends at NaN. */
class Scan {
  readonly #packet: Buffer;
  #steps = 0;

  constructor(packet: Buffer) {
    this.#packet = packet;
  }

  /** Whether the names so far were longer than those of one packet may be. */
  get isSpent(): boolean {
    return this.#steps > MAX_STEPS;
  }

  /** Where the name that begins at `start` ends. Pointers lead backwards only. */
  endOfName(start: number): number {
    let at = start;
    let floor = start;
    let end = Number.NaN;
    let length = 1;
    for (let labels = 0; labels <= MAX_LABELS; ) {
      const first = this.#packet[at];
      this.#steps += 1;
      if (first === undefined || this.isSpent) return Number.NaN;
      if (first === 0) return Number.isNaN(end) ? at + 1 : end;
      if (first >= 0xc0) {
        const second = this.#packet[at + 1];
        if (second === undefined) return Number.NaN;
        const target = ((first & 0x3f) << 8) | second;
        if (target >= floor || target < HEADER) return Number.NaN;
        if (Number.isNaN(end)) end = at + 2;
        floor = target;
        at = target;
      } else if (first < 0x40) {
        labels += 1;
        length += first + 1;
        at += first + 1;
        if (length > MAX_NAME) return Number.NaN;
      } else {
        return Number.NaN;
      }
    }
    return Number.NaN;
  }

  /** Where the record that begins at `start` ends. */
  endOfRecord(start: number): number {
    const packet = this.#packet;
    const at = this.endOfName(start);
    if (!(at + 10 <= packet.length)) return Number.NaN;
    const data = at + 10;
    const end = data + packet.readUInt16BE(at + 8);
    if (end > packet.length) return Number.NaN;
    return this.#fits(packet.readUInt16BE(at), data, end) ? end : Number.NaN;
  }

  #fits(type: number, data: number, end: number): boolean {
    switch (type) {
      case A:
        return end - data === 4;
      case AAAA:
        return end - data === 16;
      case PTR:
      case CNAME:
      case NS:
      case DNAME:
        return this.endOfName(data) === end;
      case MX:
        return this.endOfName(data + 2) === end;
      case SRV:
        return data + 6 < end && this.endOfName(data + 6) === end;
      case TXT:
        return chunksFit(this.#packet, data, end);
      case NSEC:
        this.#steps += (end - data) * BYTE_OF_TYPES;
        return !this.isSpent && bitmapFits(this.#packet, this.endOfName(data), end);
      case SOA:
      case RP:
      case NAPTR:
      case RRSIG:
        return false; // They hold names too, and no neighbour has reason to say them.
      default:
        return true;
    }
  }
}

function chunksFit(packet: Buffer, data: number, end: number): boolean {
  let at = data;
  while (at < end) at += (packet[at] ?? 0) + 1;
  return at === end;
}

function bitmapFits(packet: Buffer, data: number, end: number): boolean {
  let at = data;
  while (at + 1 < end) at += (packet[at + 1] ?? 0) + 2;
  return at === end;
}
