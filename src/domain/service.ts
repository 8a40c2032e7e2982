import type { CredentialCondition } from './credential-condition.js';
import type { PrivilegeEntry } from './service-commands.js';

/**
 * A service that asks what its users may do [0324 3.6, 3.7]: whoever has the key of a certificate for which the hub gave
 * a token. Everything about it is its own: its users, roles and privileges have nothing to do with those of others.
 */
export interface Service {
  /** SHA-256 of its certificate, in hex. */
  readonly identity: string;
  /** What the owner calls it; no two are called the same. */
  readonly name?: string;
  /** Bare JID of the owner who set it up; absent while the hub only remembers that it asked [0324 6.4]. */
  readonly by?: string;
  readonly firstSeen: number;
  /** Who may use it: the first rule that fits decides; none: no. */
  readonly rules: readonly AccessRule[];
  /** The number of the rule that was made last: none is given twice. */
  readonly lastRule: number;
  /** Privileges of users who have not logged in. */
  readonly defaults: readonly PrivilegeEntry[];
  /** Access that was granted holds as long as this stays the same: it grows when a change of rules could end it. */
  readonly epoch: number;
}

/** An owner's word about who may use a service. */
export interface AccessRule {
  /** Names the rule within its service. */
  readonly id: string;
  readonly allow: boolean;
  /** All of them must hold; without any the rule fits everybody. */
  readonly conditions: readonly CredentialCondition[];
  /** Bare JID of the owner who made it. */
  readonly by: string;
  readonly createdAt: number;
}

/** A list of privileges of a service that its users can have. */
export interface ServiceRole {
  readonly entries: readonly PrivilegeEntry[];
}

/** A user of a service, by the name with which he logs in there. */
export interface ServiceUser {
  /** Bare JID of the owner who set him up; absent while the hub only remembers that he came [0324 6.4]. */
  readonly by?: string;
  readonly firstSeen: number;
  /** Names of roles of the service. Their lists come after his own, in this order. */
  readonly roles: readonly string[];
  readonly entries: readonly PrivilegeEntry[];
}

/** What the hub keeps about a user token that it gave a service, under the token's hash [0324 3.6.2]. */
export interface UserTokenRecord {
  /** Bare JID by which the service asked. */
  readonly by: string;
  readonly grantedAt: number;
  /** When it was last of use, within a day. Milliseconds since 1970, as all times here. */
  readonly usedAt: number;
  /** What the service knew of the user, in words, without secrets. */
  readonly credentials: string;
  /** The id of the rule that let him in, and the service's epoch then. */
  readonly rule: string;
  readonly epoch: number;
  /** By what name he logged in; absent until then, and given once. */
  readonly user?: string;
}

/** A privilege that a service asked about [0324 6.4]; being remembered grants nothing. */
export interface SeenPrivilege {
  readonly firstSeen: number;
}

/** What an owner sees as the name of a service: his own, or the beginning of its identity. */
export function serviceLabel(identity: string, service: Pick<Service, 'name'> | undefined): string {
  return service?.name ?? `service ${identity.slice(0, 16)}`;
}
