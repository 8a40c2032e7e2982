import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { decodeRecord, encodeRecord } from './record.js';
import type { TallyRow } from './tally.js';

/** What a snapshot file says of itself. */
export interface SnapshotHeader {
  /** The layout of the file. */
  readonly format: number;
  /** The store's id, and where its chain of batches ended when the file was written. */
  readonly instance: string;
  readonly seq: number;
  readonly hash: string;
  /** The view's table. */
  readonly table: string;
  /** How many records the view held. */
  readonly count: number;
  /** The records of every table of the store. */
  readonly tallies: readonly TallyRow[];
  /** Bytes of the content. */
  readonly length: number;
  /** CRC-32 of the content. */
  readonly sum: number;
}

/** The layout that this program reads and writes. */
export const SNAPSHOT_FORMAT = 1;

const MAGIC = 'hearth view\n';
const KEY = 'header';
/** The header has a block of its own: it is written last, so that a file that was cut off has none. */
const BLOCK = 4096;
const CHUNK = 1024 * 1024;
/** Bytes after which the disk is asked to keep up: the sync at the end cannot be broken off. */
const SYNC_EVERY = 8 * CHUNK;

/** A file that cannot be used, and why. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/**
 * Writes a file whole or not at all: temporary file, fsync, rename, fsync of the folder. Mode 0600. Asks `late`
 * now and then; rejects with a SnapshotError where that says yes.
 */
export async function writeSnapshot(
  path: string,
  about: Omit<SnapshotHeader, 'format' | 'length' | 'sum'>,
  pieces: readonly Uint8Array[],
  late: () => boolean,
): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      const { length, sum } = await writeContent(file, pieces, late);
      const header: SnapshotHeader = { format: SNAPSHOT_FORMAT, ...about, length, sum };
      await writeAt(file, encodeHeader(header), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Reads a file: its header, and its content if `wanted` says so. `undefined` where there is no file or its header is
 * not wanted; rejects with a SnapshotError where the file is none, or damaged.
 */
export async function readSnapshot(
  path: string,
  wanted: (header: SnapshotHeader) => boolean,
): Promise<{ readonly header: SnapshotHeader; readonly content: Uint8Array } | undefined> {
  const file = await openIfThere(path);
  if (file === undefined) return undefined;
  try {
    const header = decodeHeader(await readAt(file, Buffer.alloc(BLOCK), 0));
    if (!wanted(header)) return undefined;
    const { size } = await file.stat();
    if (size !== BLOCK + header.length) throw new SnapshotError('its length is not what it should be');
    // Memory of its own, so that the content begins where numbers of any width may lie.
    const content = Buffer.allocUnsafeSlow(header.length);
    let sum = 0;
    for (let at = 0; at < content.length; at += CHUNK) {
      sum = crc32(await readAt(file, content.subarray(at, at + CHUNK), BLOCK + at), sum);
    }
    if (sum !== header.sum) throw new SnapshotError('its checksum is wrong');
    return { header, content };
  } finally {
    await file.close();
  }
}

async function writeContent(file: FileHandle, pieces: readonly Uint8Array[], late: () => boolean) {
  let length = 0;
  let sum = 0;
  let unsynced = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += CHUNK) {
      if (late()) throw new SnapshotError('it takes too long');
      const chunk = piece.subarray(at, at + CHUNK);
      await writeAt(file, chunk, BLOCK + length);
      sum = crc32(chunk, sum);
      length += chunk.length;
      unsynced += chunk.length;
      if (unsynced < SYNC_EVERY) continue;
      await file.datasync();
      unsynced = 0;
    }
  }
  return { length, sum };
}

function encodeHeader(header: SnapshotHeader): Buffer {
  const text = Buffer.from(`${MAGIC}${encodeRecord(KEY, header)}\n`);
  if (text.length > BLOCK) throw new SnapshotError('its header is too long');
  return Buffer.concat([text, Buffer.alloc(BLOCK - text.length)]);
}

function decodeHeader(block: Buffer): SnapshotHeader {
  const text = block.toString('utf8');
  const end = text.indexOf('\n', MAGIC.length);
  if (!text.startsWith(MAGIC) || end < 0) throw new SnapshotError('it has no header');
  return decodeRecord<SnapshotHeader>(KEY, text.slice(MAGIC.length, end));
}

async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}

async function readAt(file: FileHandle, into: Buffer, position: number): Promise<Buffer> {
  for (let at = 0; at < into.length; ) {
    const { bytesRead } = await file.read(into, at, into.length - at, position + at);
    if (bytesRead === 0) throw new SnapshotError('it is cut off');
    at += bytesRead;
  }
  return into;
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
