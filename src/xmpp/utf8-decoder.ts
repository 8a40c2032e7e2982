import { isAscii, isUtf8 } from 'node:buffer';
import { StreamFault } from './stream-fault.js';

/** Text from bytes. `ascii` says that each character is one byte. */
export interface Decoded {
  readonly text: string;
  readonly ascii: boolean;
}

const NOTHING: Decoded = { text: '', ascii: true };

/**
 * Decodes UTF-8 that comes in pieces and refuses what is not UTF-8 (RFC 6120 §11.6). It keeps at most three bytes of a
 * character that is not whole yet; a decoder of the runtime would hold several kilobytes for each stream.
 */
export class Utf8Decoder {
  private rest: Buffer | undefined;

  /** @throws StreamFault not-well-formed on invalid, overlong or surrogate sequences. */
  decode(bytes: Buffer): Decoded {
    const whole = this.rest === undefined ? bytes : Buffer.concat([this.rest, bytes]);
    const end = whole.length - unfinished(whole);
    this.rest = end === whole.length ? undefined : Buffer.from(whole.subarray(end));
    if (end === 0) return NOTHING;
    const ready = end === whole.length ? whole : whole.subarray(0, end);
    if (isAscii(ready)) return { text: ready.toString('latin1'), ascii: true };
    if (!isUtf8(ready)) throw new StreamFault('not-well-formed', 'The stream is not UTF-8.');
    return { text: ready.toString('utf8'), ascii: false };
  }
}

/** How many bytes at the end begin a character without finishing it. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** Bytes of the character that this byte leads; 1 for what leads none, so that it is refused at once. */
function sequenceLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
