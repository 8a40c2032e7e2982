import { grownBytes, grownLength, grownWords, type Words } from './growing.js';
import { headOf } from './head.js';
import {
  type Bytes,
  bytesOf,
  type PackedTexts,
  readable,
  readText,
  sizeOf,
  writeText,
} from './packed-texts.js';
import { hashBytes, hashPairs, hashText } from './text-hash.js';

/** Tables of so few texts keep them as strings too, once somebody asked for them. */
const FEW = 4096;
/** Bytes of dropped texts that are left where they are. */
const WASTE = 65_536;
const NOTHING = Buffer.alloc(0);
/** Stands instead of the beginning of a text where a number is free. */
const FREE = 0xffffffff;

/**
 * Texts by small numbers, from 1 on; 0 stands for none. Numbers of dropped texts are used again. The texts lie in one
 * array of bytes and are found by open addressing: a hundred thousand strings and a map of them would take three times
 * the memory, and a garbage collector's time at every start.
 */
export class TextTable {
  /** How many texts there are. */
  size = 0;
  /** One more than the greatest number ever given. */
  end = 1;
  private bytes: Bytes = new Uint8Array(0);
  /** The same, as far as texts were read of them. */
  private buffer: Buffer = NOTHING;
  /** Behind the last byte that is in use, and how many before it are not. */
  private filled = 0;
  private wasted = 0;
  /** By number: where the text begins, its size, its hash. */
  private starts: Words = new Uint32Array(16);
  private sizes: Words = new Uint32Array(16);
  private hashes: Words = new Uint32Array(16);
  /** By hash, the number; where a place is taken, the next one. Their count is a power of two. */
  private slots: Words = new Uint32Array(16);
  private readonly free: number[] = [];
  /** By number: texts that were read already. */
  private readonly read: (string | undefined)[] = [];

  /** The number of a text, or 0. */
  find(text: string): number {
    return this.slots[this.slotOf(text, hashText(text))] ?? 0;
  }

  /** The number of a text, a new one if need be. */
  intern(text: string): number {
    const hash = hashText(text);
    const known = this.slots[this.slotOf(text, hash)] ?? 0;
    if (known !== 0) return known;
    const id = this.free.pop() ?? this.end++;
    this.starts = grownWords(this.starts, this.end);
    this.sizes = grownWords(this.sizes, this.end);
    this.hashes = grownWords(this.hashes, this.end);
    this.append(id, text);
    this.hashes[id] = hash;
    this.size++;
    this.makeSlots();
    this.enter(id);
    return id;
  }

  /** The text with this number. */
  text(id: number): string | undefined {
    return this.end > FEW && this.read[id] === undefined ? this.decode(id) : this.kept(id);
  }

  /** The same for searches, which look at texts again and again: kept as a string from now on. */
  kept(id: number): string | undefined {
    const known = this.read[id];
    if (known !== undefined || !this.has(id)) return known;
    const text = this.decode(id);
    // No holes: a number that is far behind the end would make the array a slow one.
    while (this.read.length < id) this.read.push(undefined);
    this.read[id] = text;
    return text;
  }

  /** The head of the text with this number: as `headOf` gives. */
  head(id: number): number {
    const start = this.starts[id] ?? 0;
    const size = this.sizes[id] ?? 0;
    if ((size & 1) !== 0 || size < 8) return headOf(this.decode(id) ?? '');
    const { bytes } = this;
    const [a = 0, b = 0, c = 0, d = 0] = [bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]];
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  /** Forgets a text; its number is free. */
  drop(id: number): void {
    if (!this.has(id)) return;
    this.leave(id);
    this.wasted += bytesOf(this.sizes[id] ?? 0);
    this.sizes[id] = 0;
    this.starts[id] = FREE;
    if (id < this.read.length) this.read[id] = undefined;
    this.free.push(id);
    this.size--;
    if (this.wasted > WASTE && this.wasted * 2 > this.filled) this.compact();
  }

  /** All texts by their numbers, from 0 on; empty where a number is free. */
  save(): PackedTexts {
    const sizes = this.sizes.slice(0, this.end);
    const bytes = new Uint8Array(this.filled - this.wasted);
    this.copy((from, to, at) => {
      bytes.set(this.bytes.subarray(from, to), at);
    });
    return { sizes, bytes };
  }

  /**
   * Takes over what `save` gave, into an empty table; numbers that `used` says nobody uses are free. Throws where a text
   * comes twice or is not packed as it should be.
   */
  adopt({ sizes, bytes }: PackedTexts, used: (id: number) => boolean): void {
    this.end = Math.max(sizes.length, 1);
    this.bytes = bytes;
    this.filled = bytes.length;
    this.sizes = grownWords(sizes, 1);
    this.starts = new Uint32Array(this.sizes.length);
    this.hashes = new Uint32Array(this.sizes.length);
    this.slots = new Uint32Array(slotsFor(this.end));
    let at = 0;
    for (let id = 0; id < this.end; id++) {
      const size = sizes[id] ?? 0;
      const next = at + bytesOf(size);
      if (id > 0 && used(id)) this.adoptOne(id, at, next);
      else this.adoptNone(id, size);
      at = next;
    }
  }

  private adoptOne(id: number, from: number, to: number): void {
    const { bytes } = this;
    const wide = ((this.sizes[id] ?? 0) & 1) !== 0;
    if (wide && !needsPairs(bytes, from, to)) throw new Error('a text is wider than it is');
    const hash = wide ? hashPairs(bytes, from, to) : hashBytes(bytes, from, to);
    this.starts[id] = from;
    this.hashes[id] = hash;
    this.size++;
    if (!this.enter(id)) throw new Error('a value comes twice');
  }

  private adoptNone(id: number, size: number): void {
    this.wasted += bytesOf(size);
    this.sizes[id] = 0;
    this.starts[id] = FREE;
    if (id > 0) this.free.push(id);
  }

  private has(id: number): boolean {
    return id > 0 && id < this.end && this.starts[id] !== FREE;
  }

  private decode(id: number): string | undefined {
    if (!this.has(id)) return undefined;
    if (this.buffer.buffer !== this.bytes.buffer) this.buffer = readable(this.bytes);
    return readText(this.buffer, this.starts[id] ?? 0, this.sizes[id] ?? 0);
  }

  private append(id: number, text: string): void {
    const size = sizeOf(text);
    const start = this.filled;
    this.filled += bytesOf(size);
    this.bytes = grownBytes(this.bytes, this.filled);
    // The bytes from before would stay in memory.
    if (this.buffer.buffer !== this.bytes.buffer) this.buffer = NOTHING;
    writeText(this.bytes, start, text, size);
    this.starts[id] = start;
    this.sizes[id] = size;
  }

  /** The place that has the text, or where it would be entered. */
  private slotOf(text: string, hash: number): number {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let id = slots[slot] ?? 0; id !== 0; id = slots[slot] ?? 0) {
      if (hashes[id] === hash && this.is(id, text)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private is(id: number, text: string): boolean {
    const size = this.sizes[id] ?? 0;
    if (size >>> 1 !== text.length) return false;
    const { bytes } = this;
    const start = this.starts[id] ?? 0;
    if ((size & 1) === 0) {
      for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
      return true;
    }
    for (let i = 0; i < text.length; i++) {
      const at = start + 2 * i;
      if (((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)) !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Enters a number by its hash; false if its text is there already. */
  private enter(id: number): boolean {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    const hash = hashes[id] ?? 0;
    let slot = hash & mask;
    for (let other = slots[slot] ?? 0; other !== 0; other = slots[slot] ?? 0) {
      if (hashes[other] === hash && this.decode(other) === this.decode(id)) return false;
      slot = (slot + 1) & mask;
    }
    slots[slot] = id;
    return true;
  }

  /** Takes a number out, and moves those up that were entered further on because of it. */
  private leave(id: number): void {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let hole = (hashes[id] ?? 0) & mask;
    while (slots[hole] !== id) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (hashes[slots[slot] ?? 0] ?? 0) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = slots[slot] ?? 0;
      hole = slot;
    }
    slots[hole] = 0;
  }

  /** At most two of three places are taken, so that hardly any text is far from where it belongs. */
  private makeSlots(): void {
    if (this.size * 3 <= this.slots.length * 2) return;
    const slots = new Uint32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (const id of this.slots) {
      if (id === 0) continue;
      let slot = (this.hashes[id] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.slots = slots;
  }

  private compact(): void {
    const left = this.filled - this.wasted;
    const bytes = new Uint8Array(grownLength(0, left));
    this.copy((from, to, at) => {
      bytes.set(this.bytes.subarray(from, to), at);
    });
    let at = 0;
    for (let id = 1; id < this.end; id++) {
      if (!this.has(id)) continue;
      this.starts[id] = at;
      at += bytesOf(this.sizes[id] ?? 0);
    }
    this.bytes = bytes;
    this.buffer = NOTHING;
    this.filled = left;
    this.wasted = 0;
  }

  /** Calls `each` for the pieces of bytes that make up all texts in the order of their numbers, and where they come. */
  private copy(each: (from: number, to: number, at: number) => void): void {
    let [from, to, at] = [0, 0, 0];
    for (let id = 1; id < this.end; id++) {
      const start = this.starts[id] ?? 0;
      if (start === FREE) continue;
      if (start !== to) {
        each(from, to, at);
        at += to - from;
        from = start;
      }
      to = start + bytesOf(this.sizes[id] ?? 0);
    }
    each(from, to, at);
  }
}

function slotsFor(texts: number): number {
  let slots = 16;
  while (texts * 3 > slots * 2) slots *= 2;
  return slots;
}

function needsPairs(bytes: Bytes, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at += 2) if (bytes[at] !== 0) return true;
  return false;
}
