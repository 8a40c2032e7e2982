import dnsPacket from 'dns-packet';
import { encodeLabels, escapeLabel } from './names.js';

/** A question as the codec reads and writes it; `unicast` is the QU bit. RFC 6762 §5.4 */
export interface WireQuestion {
  name: string;
  type: string;
  class?: string;
  unicast?: boolean;
}

/** A record as the codec reads and writes it; the shape of `data` depends on `type`. */
export interface WireRecord {
  name: string;
  type: string;
  class?: string;
  ttl?: number;
  flush?: boolean;
  data?: unknown;
}

/** A message as the codec reads and writes it. */
export interface WireMessage {
  id?: number;
  type?: 'query' | 'response';
  flags?: number;
  questions?: WireQuestion[];
  answers?: WireRecord[];
  authorities?: WireRecord[];
  additionals?: WireRecord[];
}

interface Part<T> {
  encode: ((value: T, buffer?: Buffer, offset?: number) => Buffer) & { bytes: number };
  decode: ((buffer: Buffer, offset?: number) => T) & { bytes: number };
  encodingLength(value: T): number;
}

interface Codec {
  name: Part<string>;
  question: Part<WireQuestion>;
  record(type: string): Part<unknown>;
  encodingLength(message: WireMessage): number;
  encode(message: WireMessage): Buffer;
  decode(packet: Buffer): WireMessage;
}

const codec = dnsPacket as unknown as Codec;
const QU = 0x80;
const QU_CLASSES: Readonly<Record<string, string>> = { UNKNOWN_32769: 'IN', UNKNOWN_33023: 'ANY' };
let complete = false;

/**
 * Gives the codec (one copy, which multicast-dns uses as well) the two things of mDNS that it lacks: labels
 * with dots in them, kept apart by escapes and checked for length, and the QU bit of questions. Idempotent.
 */
export function completeCodec(): void {
  if (complete) return;
  complete = true;
  completeNames(codec.name);
  completeQuestions(codec.question);
}

function completeNames(name: Part<string>): void {
  const encodingLength = (text: string): number =>
    encodeLabels(text).reduce((length, label) => length + label.length + 1, 1);
  const encode = (text: string, buffer?: Buffer, offset = 0): Buffer => {
    const target = buffer ?? Buffer.alloc(encodingLength(text));
    let at = offset;
    for (const label of encodeLabels(text)) {
      target[at] = label.length;
      label.copy(target, at + 1);
      at += label.length + 1;
    }
    target[at] = 0;
    name.encode.bytes = at + 1 - offset;
    return target;
  };
  const decode = (buffer: Buffer, offset = 0): string => {
    const { labels, end } = readName(buffer, offset);
    name.decode.bytes = end - offset;
    return labels.length === 0 ? '.' : labels.map(escapeLabel).join('.');
  };
  name.encodingLength = encodingLength;
  name.encode = Object.assign(encode, { bytes: 0 });
  name.decode = Object.assign(decode, { bytes: 0 });
}

/** Reads labels; every pointer must lead before the place that it is read from, so the walk ends. */
function readName(buffer: Buffer, offset: number): { labels: string[]; end: number } {
  const labels: string[] = [];
  let at = offset;
  let floor = offset;
  let end: number | undefined;
  for (;;) {
    const first = buffer.readUInt8(at);
    if (first === 0) return { labels, end: end ?? at + 1 };
    if (first >= 0xc0) {
      const target = buffer.readUInt16BE(at) - 0xc000;
      if (target >= floor) throw new RangeError('a name points forward');
      end ??= at + 2;
      floor = target;
      at = target;
    } else {
      if (first > 0x3f || at + 1 + first > buffer.length) throw new RangeError('a label is cut or reserved');
      labels.push(buffer.toString('utf8', at + 1, at + 1 + first));
      at += first + 1;
    }
  }
}

function completeQuestions(question: Part<WireQuestion>): void {
  const { encode, decode } = question; // Both leave their byte count on the functions that replace them.
  const encodeWithUnicast = (value: WireQuestion, buffer?: Buffer, offset = 0): Buffer => {
    const target = buffer ?? Buffer.alloc(question.encodingLength(value));
    encode(value, target, offset);
    const classByte = offset + question.encode.bytes - 2;
    if (value.unicast === true) target[classByte] = (target[classByte] ?? 0) | QU;
    return target;
  };
  const decodeWithUnicast = (buffer: Buffer, offset = 0): WireQuestion => {
    const value = decode(buffer, offset);
    const plain = QU_CLASSES[value.class ?? ''];
    return plain === undefined ? value : { ...value, class: plain, unicast: true };
  };
  question.encode = Object.assign(encodeWithUnicast, { bytes: 0 });
  question.decode = Object.assign(decodeWithUnicast, { bytes: 0 });
}

/** Bytes the message takes. Throws a RangeError if a name in it cannot be written. */
export function sizeOf(message: WireMessage): number {
  completeCodec();
  return codec.encodingLength(message);
}

/** The datagram of a message. Throws a RangeError if a name in it cannot be written. */
export function encodeMessage(message: WireMessage): Buffer {
  completeCodec();
  return codec.encode(message);
}

/** The message of a datagram that `refusal` lets pass. Throws if it cannot be read. */
export function decodeMessage(packet: Buffer): WireMessage {
  completeCodec();
  return codec.decode(packet);
}

/** The uncompressed bytes of a record's data, as the tie-break compares them. RFC 6762 §8.2 */
export function rdataOf(type: string, data: unknown): Buffer {
  completeCodec();
  const part = codec.record(type);
  const bytes = Buffer.alloc(part.encodingLength(data));
  part.encode(data, bytes, 0);
  return bytes.subarray(2, part.encode.bytes);
}
