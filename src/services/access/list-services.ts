import type { AccessRule, SeenPrivilege, Service, ServiceRole, ServiceUser } from '../../domain/service.js';
import type { PrivilegeEntry } from '../../domain/service-commands.js';
import type { ServiceIndex } from '../../storage/indexes/service-index.js';
import type { ServicePartsIndex } from '../../storage/indexes/service-parts-index.js';
import type { UserTokenIndex } from '../../storage/indexes/user-token-index.js';
import type { AggregateUnknown, Overlooked } from './aggregate.js';

/** Where services are written down. */
export interface ServiceIndexes {
  readonly services: ServiceIndex;
  readonly roles: ServicePartsIndex<ServiceRole>;
  readonly users: ServicePartsIndex<ServiceUser>;
  readonly privileges: ServicePartsIndex<SeenPrivilege>;
  readonly tokens: UserTokenIndex;
}

/** A service in a list. */
export interface ServiceSummary {
  readonly identity: string;
  readonly name?: string;
  /** Absent while nobody has set it up: the hub only remembers that it asked. */
  readonly by?: string;
  readonly firstSeen: number;
  readonly counts: {
    readonly rules: number;
    readonly roles: number;
    readonly users: number;
    readonly privileges: number;
    readonly userTokens: number;
  };
}

/** All that is known of a service. */
export interface ServiceDetail extends ServiceSummary {
  readonly rules: readonly AccessRule[];
  readonly defaults: readonly PrivilegeEntry[];
  readonly roles: readonly (ServiceRole & { readonly name: string })[];
  readonly users: readonly (ServiceUser & { readonly name: string })[];
  /** Privileges that it asked about. */
  readonly privileges: readonly string[];
}

/** What an owner sees of the services. */
export class ListServices {
  private readonly indexes: ServiceIndexes;
  private readonly aggregate: AggregateUnknown;

  constructor(indexes: ServiceIndexes, aggregate: AggregateUnknown) {
    this.indexes = indexes;
    this.aggregate = aggregate;
  }

  /** All services, in the order in which the hub first knew of them. */
  run(): ServiceSummary[] {
    return this.indexes.services.all().map((service) => this.summary(service));
  }

  /** The service of this name, or whose identity alone begins so; `undefined` where there is none. */
  show(text: string): ServiceDetail | undefined {
    const { services, roles, users, privileges } = this.indexes;
    const service = services.find(text);
    if (service === undefined) return undefined;
    const { identity, rules, defaults } = service;
    return {
      ...this.summary(service),
      rules,
      defaults,
      roles: roles.of(identity).map(([name, role]) => ({ name, ...role })),
      users: users.of(identity).map(([name, user]) => ({ name, ...user })),
      privileges: privileges.of(identity).map(([id]) => id),
    };
  }

  /** What was asked about and not remembered, since the start. */
  overlooked(): Overlooked {
    return this.aggregate.overlooked;
  }

  private summary({ identity, name, by, firstSeen, rules }: Service): ServiceSummary {
    const { roles, users, privileges, tokens } = this.indexes;
    return {
      identity,
      ...(name !== undefined && { name }),
      ...(by !== undefined && { by }),
      firstSeen,
      counts: {
        rules: rules.length,
        roles: roles.countOf(identity),
        users: users.countOf(identity),
        privileges: privileges.countOf(identity),
        userTokens: tokens.countOf(identity),
      },
    };
  }
}
