import { MAX_LABELS, MAX_NAME } from './names.js';

const HEADER = 12;
const MAX_PACKET = 9000;
const SMALLEST_QUESTION = 5;
const SMALLEST_RECORD = 11;
const OPCODE_AND_RCODE = 0x780f;

const A = 1;
const CNAME = 5;
const PTR = 12;
const TXT = 16;
const AAAA = 28;
const SRV = 33;
const NSEC = 47;

/**
 * Looks a datagram over before anything is built from it: counts that fit its length, names that end, data
 * that fills its length exactly. Returns why the datagram is refused, or `undefined` if it may be decoded.
 * Costs one pass over at most 9000 bytes and makes no objects, whatever the header claims. RFC 6762 §17, §18
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
  let at = HEADER;
  for (let i = 0; i < questions; i++) {
    at = endOfName(packet, at) + 4;
    if (!(at <= packet.length)) return 'bad question';
  }
  for (let i = 0; i < records; i++) {
    at = endOfRecord(packet, at);
    if (Number.isNaN(at)) return 'bad record';
  }
  return undefined;
}

/** Where the name that begins at `start` ends, or NaN if it is none. Pointers lead backwards only. */
function endOfName(packet: Buffer, start: number): number {
  let at = start;
  let floor = start;
  let end = Number.NaN;
  let length = 1;
  for (let labels = 0; labels <= MAX_LABELS; ) {
    const first = packet[at];
    if (first === undefined) return Number.NaN;
    if (first === 0) return Number.isNaN(end) ? at + 1 : end;
    if (first >= 0xc0) {
      const second = packet[at + 1];
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

function endOfRecord(packet: Buffer, start: number): number {
  const at = endOfName(packet, start);
  if (!(at + 10 <= packet.length)) return Number.NaN;
  const data = at + 10;
  const end = data + packet.readUInt16BE(at + 8);
  if (end > packet.length) return Number.NaN;
  return fits(packet, packet.readUInt16BE(at), data, end) ? end : Number.NaN;
}

function fits(packet: Buffer, type: number, data: number, end: number): boolean {
  switch (type) {
    case A:
      return end - data === 4;
    case AAAA:
      return end - data === 16;
    case PTR:
    case CNAME:
      return endOfName(packet, data) === end;
    case SRV:
      return data + 6 < end && endOfName(packet, data + 6) === end;
    case TXT:
      return chunksFit(packet, data, end);
    case NSEC:
      return bitmapFits(packet, endOfName(packet, data), end);
    default:
      return true;
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
