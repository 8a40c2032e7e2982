import { decodeRecord } from './record.js';
import type { View } from './store.js';

/** The views that follow a store, by the table they follow. */
export class Views {
  private readonly byPrefix = new Map<string, View[]>();

  /** Adds a view. */
  add<K, V>(view: View<K, V>): void {
    const { prefix } = view.table;
    const known = this.byPrefix.get(prefix) ?? [];
    // Keys and values of another table never reach the view, so that it may forget its types here.
    this.byPrefix.set(prefix, [...known, view as unknown as View]);
  }

  /** Tells the views of a record's table. Throws what reading the record, or a view, throws. */
  tell(key: string, raw: string | undefined): void {
    // A table's prefix is one letter and `!`.
    const views = this.byPrefix.get(key.slice(0, 2));
    if (views === undefined) return;
    for (const view of views) {
      view.changed(view.table.decode(key.slice(2)), raw === undefined ? undefined : decodeRecord(key, raw));
    }
  }
}
