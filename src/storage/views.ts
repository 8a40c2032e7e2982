import { recordValue } from './record.js';
import type { SnapshotView, View } from './store.js';
import { type Table, tablePrefix } from './table.js';

/** The views that follow a store, by the table they follow. */
export class Views {
  private readonly byPrefix = new Map<string, View[]>();

  /** Adds a view. Throws where its table has a view already that is kept in a file under the same name. */
  add<K, V>(view: View<K, V>): void {
    const { prefix, name } = view.table;
    const known = this.byPrefix.get(prefix) ?? [];
    // Keys and values of another table never reach the view, so that it may forget its types here.
    const added = view as unknown as View;
    if (isKept(added) && known.some(isKept)) throw new Error(`Two views of ${name} are kept in a file.`);
    this.byPrefix.set(prefix, [...known, added]);
  }

  /** Tells the views of a record's table, the record's checksum being right. Throws what a view throws. */
  tell(key: string, raw: string | undefined): void {
    const views = this.byPrefix.get(tablePrefix(key));
    if (views !== undefined) tell(views, key, raw);
  }

  /** Whether the views that can be kept in files know of the record what the database says. */
  agree<K, V>(table: Table<K, V>, key: K, value: V | undefined): boolean {
    const views = this.byPrefix.get(table.prefix) ?? [];
    return views.every((view) => !isKept(view) || view.agrees(key, value));
  }

  /** All views, by the prefix of their table. */
  all(): ReadonlyMap<string, readonly View[]> {
    return this.byPrefix;
  }

  /** The views that can be kept in files. */
  kept(): SnapshotView[] {
    return [...this.byPrefix.values()].flatMap((views) => views.filter(isKept));
  }
}

/** Tells views of one table of a record. */
export function tell(views: readonly View[], key: string, raw: string | undefined): void {
  const [first] = views;
  if (first === undefined) return;
  const value = raw === undefined ? undefined : recordValue(raw, first.table.read);
  for (const view of views) view.changed(view.table.decode(key.slice(view.table.prefix.length)), value);
}

function isKept(view: View): view is SnapshotView {
  return 'save' in view && 'restore' in view;
}
