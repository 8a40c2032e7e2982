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

  /** What the views of a record's table will be told, the record's checksum being right; `undefined` without views. */
  news(key: string, raw: string | undefined): News | undefined {
    const views = this.byPrefix.get(tablePrefix(key));
    return views === undefined ? undefined : newsFor(views, key, raw);
  }

  /** Whether the views that can be kept in files know of the record what the database says. */
  agree<K, V>(table: Table<K, V>, key: K, value: V | undefined): boolean {
    const views = this.byPrefix.get(table.prefix) ?? [];
    return views.every((view) => !isKept(view) || view.agrees(key, value));
  }

  /** Whether a view that can be kept in files, and so knows all records of its table, knows of none there. */
  lacks<K, V>(table: Table<K, V>, key: K): boolean {
    const view = this.byPrefix.get(table.prefix)?.find(isKept);
    return view?.agrees(key, undefined) ?? false;
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

/** A record, read for the views that follow its table. */
export interface News {
  readonly views: readonly View[];
  /** The record's whole key, and the key that the views know. */
  readonly text: string;
  readonly key: unknown;
  readonly value: unknown;
}

/** Tells the views. Throws what a view throws. */
export function tell(news: News | undefined): void {
  if (news === undefined) return;
  for (const view of news.views) view.changed(news.key, news.value);
}

/** Reads a record for views of one table; `undefined` where there are none. */
export function newsFor(views: readonly View[], text: string, raw: string | undefined): News | undefined {
  const table = views[0]?.table;
  if (table === undefined) return undefined;
  const value = raw === undefined ? undefined : recordValue(raw, table.read);
  return { views, text, key: table.decode(text.slice(table.prefix.length)), value };
}

function isKept(view: View): view is SnapshotView {
  return 'save' in view && 'restore' in view;
}
