import type { ServiceRole, ServiceUser, UserTokenRecord } from '../../domain/service.js';
import type { PrivilegeEntry } from '../../domain/service-commands.js';
import type { ServiceIndex } from '../../storage/indexes/service-index.js';
import type { ServicePartsIndex } from '../../storage/indexes/service-parts-index.js';

/** Where privileges are written down. */
export interface PrivilegeIndexes {
  readonly services: ServiceIndex;
  readonly users: ServicePartsIndex<ServiceUser>;
  readonly roles: ServicePartsIndex<ServiceRole>;
}

/** What users may do in services [0324 3.7]. */
export class UserPrivileges {
  private readonly indexes: PrivilegeIndexes;

  constructor(indexes: PrivilegeIndexes) {
    this.indexes = indexes;
  }

  /**
   * The list that decides for a user: his own lines, then those of his roles in order. One who has not logged in, or
   * whom no owner has set up, has what everybody has [0324 3.7.2].
   */
  of(service: string, { user: name }: Pick<UserTokenRecord, 'user'>): readonly PrivilegeEntry[] {
    const { services, users } = this.indexes;
    const user = name === undefined ? undefined : users.get(service, name);
    if (user?.by === undefined) return services.get(service)?.defaults ?? [];
    return this.listOf(service, user);
  }

  private listOf(service: string, user: ServiceUser): PrivilegeEntry[] {
    const entries = [...user.entries];
    for (const name of user.roles) {
      const role = this.indexes.roles.get(service, name);
      // What a lost role excludes nobody knows, so nothing after it counts.
      if (role === undefined) return entries;
      entries.push(...role.entries);
    }
    return entries;
  }
}
