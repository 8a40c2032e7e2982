import type { SeenPrivilege, ServiceUser } from '../../domain/service.js';
import type { ServiceIndex } from '../../storage/indexes/service-index.js';
import type { ServicePartsIndex } from '../../storage/indexes/service-parts-index.js';
import { seenPrivileges, services, serviceUsers } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Table } from '../../storage/table.js';
import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';

/** What is known already. */
export interface AggregateParts {
  readonly store: Store;
  readonly services: ServiceIndex;
  readonly users: ServicePartsIndex<ServiceUser>;
  readonly privileges: ServicePartsIndex<SeenPrivilege>;
  readonly log: Log;
}

/** Whether unknown ones are remembered (`provisioning.aggregate`), and how many of a kind in all. */
export interface AggregateOptions {
  readonly enabled: boolean;
  readonly services: number;
  readonly users: number;
  readonly privileges: number;
}

/** Requests about something that was not remembered because too much is already; since the start. */
export interface Overlooked {
  readonly services: number;
  readonly users: number;
  readonly privileges: number;
}

type Kind = keyof Overlooked;

/**
 * Remembers services, users and privileges that the hub did not know, for an owner to see and to set up [0324 6.4]. What
 * is only remembered is granted nothing: every answer is the same as without. Nobody waits for it.
 */
export class AggregateUnknown {
  private readonly parts: AggregateParts;
  private readonly options: AggregateOptions;
  private readonly clock: Clock;
  /** What is on its way to the disk, by kind. */
  private readonly coming = {
    services: new Set<string>(),
    users: new Set<string>(),
    privileges: new Set<string>(),
  };
  private readonly counts = { services: 0, users: 0, privileges: 0 };
  private failed = false;

  constructor(parts: AggregateParts, options: AggregateOptions, clock: Clock) {
    this.parts = parts;
    this.options = options;
    this.clock = clock;
  }

  /** A service with this identity asked. */
  service(identity: string): void {
    if (this.parts.services.get(identity) !== undefined) return;
    const firstSeen = this.clock.now();
    const fresh = { identity, firstSeen, rules: [], lastRule: 0, defaults: [], epoch: 0 };
    this.keep('services', services, identity, fresh, this.parts.services.count);
  }

  /** A user of this name logged in at a service. */
  user(service: string, name: string): void {
    const { users } = this.parts;
    if (users.get(service, name) !== undefined) return;
    const fresh = { firstSeen: this.clock.now(), roles: [], entries: [] };
    this.keep('users', serviceUsers, { service, name }, fresh, users.count);
  }

  /** A service asked about a privilege. */
  privilege(service: string, id: string): void {
    const { privileges } = this.parts;
    if (privileges.get(service, id) !== undefined) return;
    const fresh = { firstSeen: this.clock.now() };
    this.keep('privileges', seenPrivileges, { service, name: id }, fresh, privileges.count);
  }

  /** What there was no room for. */
  get overlooked(): Overlooked {
    return { ...this.counts };
  }

  private keep<Key, Value>(
    kind: Kind,
    table: Table<Key, Value>,
    key: Key,
    fresh: Value,
    count: number,
  ): void {
    if (!this.options.enabled || this.parts.store.damage !== undefined) return;
    const coming = this.coming[kind];
    const name = table.encode(key);
    if (coming.has(name)) return;
    if (count + coming.size >= this.options[kind]) {
      this.counts[kind] += 1;
      return;
    }
    coming.add(name);
    void this.write(table, key, fresh).finally(() => coming.delete(name));
  }

  /** Never rejects; a disk that takes nothing is said once. */
  private async write<Key, Value>(table: Table<Key, Value>, key: Key, fresh: Value): Promise<void> {
    try {
      await this.parts.store.transact(async (transaction) => {
        if ((await transaction.get(table, key)) === undefined) transaction.put(table, key, fresh);
      });
      this.failed = false;
    } catch (error) {
      if (!this.failed)
        this.parts.log.error('What services ask about is not kept.', { error: String(error) });
      this.failed = true;
    }
  }
}
