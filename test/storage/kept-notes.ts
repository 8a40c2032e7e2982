import type { SnapshotView } from '../../src/storage/store.js';
import { notes } from './store-contract.js';

type NoteKey = readonly [string, string];
interface Note {
  readonly text: string;
}

/** A view of all notes that can be kept in a file. */
export class KeptNotes implements SnapshotView<NoteKey, Note> {
  readonly table = notes;
  /** How often it was told of a record. */
  told = 0;
  private readonly texts = new Map<string, string>();

  get count(): number {
    return this.texts.size;
  }

  changed(key: NoteKey, note: Note | undefined): void {
    this.told += 1;
    if (note === undefined) this.texts.delete(key.join());
    else this.texts.set(key.join(), note.text);
  }

  /** What it knows, by the joined parts of the key. */
  get all(): ReadonlyMap<string, string> {
    return this.texts;
  }

  /** The text under a key with an empty second part. */
  text(key: string): string | undefined {
    return this.texts.get(`${key},`);
  }

  agrees(key: NoteKey, note: Note | undefined): boolean {
    return this.texts.get(key.join()) === note?.text;
  }

  save(): readonly Uint8Array[] {
    return [Buffer.from('notes '), Buffer.from(JSON.stringify([...this.texts]))];
  }

  restore(content: Uint8Array): void {
    if (this.count > 0) throw new Error('not empty');
    const text = Buffer.from(content).toString();
    if (!text.startsWith('notes ')) throw new Error('these are no notes');
    for (const [key, value] of JSON.parse(text.slice(6)) as [string, string][]) this.texts.set(key, value);
  }

  clear(): void {
    this.texts.clear();
  }
}
