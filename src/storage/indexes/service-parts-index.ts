import type { ServiceKey } from '../keys.js';
import type { View } from '../store.js';
import type { Table } from '../table.js';

/** What services have many of, in memory: by service, then by name. */
export class ServicePartsIndex<Value> implements View<ServiceKey, Value> {
  readonly table: Table<ServiceKey, Value>;
  private readonly byService = new Map<string, Map<string, Value>>();
  private total = 0;

  constructor(table: Table<ServiceKey, Value>) {
    this.table = table;
  }

  changed({ service, name }: ServiceKey, value: Value | undefined): void {
    const parts = this.byService.get(service) ?? new Map<string, Value>();
    this.total -= parts.size;
    if (value === undefined) parts.delete(name);
    else parts.set(name, value);
    this.total += parts.size;
    if (parts.size === 0) this.byService.delete(service);
    else this.byService.set(service, parts);
  }

  /** One of a service, by its name. */
  get(service: string, name: string): Value | undefined {
    return this.byService.get(service)?.get(name);
  }

  /** Those of a service with their names, sorted by these. */
  of(service: string): [string, Value][] {
    return [...(this.byService.get(service) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** How many a service has. */
  countOf(service: string): number {
    return this.byService.get(service)?.size ?? 0;
  }

  /** How many there are in all. */
  get count(): number {
    return this.total;
  }
}
