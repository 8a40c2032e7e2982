import type { Damage, ScanOptions, Store, Transaction, View } from '../../src/storage/store.js';
import type { Table } from '../../src/storage/table.js';

/** Records in a map, one transaction at a time: enough of a store for a server's test. */
export class TinyStore implements Store {
  readonly damage: Damage | undefined;
  private readonly records = new Map<string, unknown>();
  private readonly views: View<unknown, unknown>[] = [];
  private last: Promise<unknown> = Promise.resolve();

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    await this.last;
  }

  follow<K, V>(view: View<K, V>): void {
    this.views.push(view as View<unknown, unknown>);
  }

  async get<K, V>(table: Table<K, V>, key: K): Promise<V | undefined> {
    return this.records.get(table.prefix + table.encode(key)) as V | undefined;
  }

  async *scan<K, V>(table: Table<K, V>, options: ScanOptions = {}): AsyncIterable<readonly [K, V]> {
    const start = table.prefix + (options.prefix ?? '');
    for (const key of [...this.records.keys()].filter((text) => text.startsWith(start)).sort())
      yield [table.decode(key.slice(table.prefix.length)), this.records.get(key) as V];
  }

  transact<T>(fn: (transaction: Transaction) => Promise<T> | T): Promise<T> {
    const result = this.last.then(() => this.run(fn));
    this.last = result.catch(() => undefined);
    return result;
  }

  private async run<T>(fn: (transaction: Transaction) => Promise<T> | T): Promise<T> {
    const writes: (() => void)[] = [];
    const result = await fn({
      get: (table, key) => this.get(table, key),
      scan: (table, options) => this.scan(table, options),
      put: (table, key, value) => writes.push(() => this.write(table, key, value)),
      delete: (table, key) => writes.push(() => this.write(table, key, undefined)),
    });
    for (const write of writes) write();
    return result;
  }

  private write<K, V>(table: Table<K, V>, key: K, value: V | undefined): void {
    const text = table.prefix + table.encode(key);
    if (value === undefined) this.records.delete(text);
    else this.records.set(text, value);
    for (const view of this.views) if (view.table.prefix === table.prefix) view.changed(key, value);
  }
}
