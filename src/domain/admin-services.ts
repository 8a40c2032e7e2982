import type { ByOwner, Nothing } from './by-owner.js';
import type { PrivilegeEntry } from './service-commands.js';

/** What the administrator asks about tokens, services and their users; forms as in `AdminOperations`. */
export interface ServiceAdminOperations {
  tokens: { request: Nothing; answer: { readonly certificates: readonly CertificateReport[] } };
  'tokens-revoke': {
    request: ByOwner & { readonly fingerprint: string };
    answer: { readonly fingerprint: string };
  };
  'tokens-remove': {
    request: ByOwner & { readonly jid: string };
    answer: { readonly jid: string; readonly tokens: number };
  };
  services: {
    request: Nothing;
    answer: { readonly services: readonly ServiceReport[]; readonly overlooked: OverlookedReport };
  };
  'services-show': { request: OfService; answer: ServiceDetailReport };
  'services-name': {
    request: ByOwner & { readonly fingerprint: string; readonly name: string };
    answer: ServiceReport;
  };
  'services-rule': { request: AddAccessRule; answer: ServiceDetailReport };
  'services-remove': { request: ByOwner & OfService & { readonly id: string }; answer: ServiceDetailReport };
  'services-move': {
    request: ByOwner & OfService & { readonly id: string; readonly at: number };
    answer: ServiceDetailReport;
  };
  'services-forget': {
    request: ByOwner & OfService & { readonly privileges?: boolean };
    answer: ServiceReport;
  };
  privileges: {
    request: OfService & { readonly whose?: string };
    answer: PrivilegesReport;
  };
  'privileges-add': {
    request: ChangePrivilege & { readonly exclude?: boolean; readonly at?: number };
    answer: PrivilegeListReport;
  };
  'privileges-remove': {
    /** Without a privilege the whole list: the role or the user is gone. */
    request: Omit<ChangePrivilege, 'privilege'> & { readonly privilege?: string };
    answer: PrivilegeListReport;
  };
  'privileges-move': { request: ChangePrivilege & { readonly at: number }; answer: PrivilegeListReport };
  'privileges-roles': {
    request: ByOwner & OfService & { readonly user: string; readonly roles: readonly string[] };
    answer: PrivilegeListReport;
  };
}

/** A service, by its name or by the beginning of its fingerprint. */
export interface OfService {
  readonly service: string;
}

/** A certificate behind tokens. */
export interface CertificateReport {
  /** Hex SHA-256. */
  readonly fingerprint: string;
  /** What it says of its holder; nobody has verified that. */
  readonly subject: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly state: 'valid' | 'not yet' | 'ended' | 'revoked';
  /** Who got tokens for it: bare JIDs. */
  readonly givenTo: readonly string[];
  readonly tokens: number;
  /** As what it was seen or is spoken of, such as `service Grafana` and `device in rules 3, 4`. */
  readonly usedAs: readonly string[];
}

/** A service in a list. */
export interface ServiceReport {
  readonly fingerprint: string;
  readonly name: string | null;
  /** Who set it up; `null` while the hub only remembers that it asked. */
  readonly by: string | null;
  readonly firstSeen: string;
  readonly counts: {
    readonly rules: number;
    readonly roles: number;
    readonly users: number;
    readonly privileges: number;
    readonly userTokens: number;
  };
}

/** What was asked about and not remembered since the start, for lack of room. */
export interface OverlookedReport {
  readonly services: number;
  readonly users: number;
  readonly privileges: number;
}

/** A service with its rules of access, the first that fits decides, and its users. */
export interface ServiceDetailReport extends ServiceReport {
  readonly rules: readonly AccessRuleReport[];
  readonly users: readonly ServiceUserReport[];
}

/** Who may, or may not, use a service. */
export interface AccessRuleReport {
  readonly id: string;
  readonly allow: boolean;
  /** As they are typed; tokens of single sign on are not told. None: everybody. */
  readonly conditions: readonly string[];
  readonly by: string;
  readonly createdAt: string;
}

/** A user of a service. */
export interface ServiceUserReport {
  readonly name: string;
  /** Who set him up; `null` while the hub only remembers that he logged in. */
  readonly by: string | null;
  readonly firstSeen: string;
  readonly roles: readonly string[];
  /** How many lines he has of his own. */
  readonly lines: number;
}

/** A new rule of access. */
export interface AddAccessRule extends ByOwner, OfService {
  readonly allow: boolean;
  /** Such as `ip=10.0.0.0/8`; all must hold. */
  readonly conditions: readonly string[];
  /** Its place, from 1; the last if absent. */
  readonly at?: number;
}

/** A line of a list of privileges. */
export interface ChangePrivilege extends ByOwner, OfService {
  /** `default`, `role:NAME`, `user:NAME`, or the name of the one that there is. */
  readonly whose: string;
  /** A whole id, or that of a tree of them. */
  readonly privilege: string;
}

/** A list of privileges: the first line that fits decides. */
export interface PrivilegeListReport {
  /** `default`, `role:NAME` or `user:NAME`. */
  readonly whose: string;
  readonly entries: readonly PrivilegeEntry[];
  /** For a user: the roles whose lists come after his own. */
  readonly roles?: readonly string[];
}

/** The lists of a service, and the privileges that it asked about. */
export interface PrivilegesReport {
  readonly service: string;
  readonly lists: readonly PrivilegeListReport[];
  readonly seen: readonly string[];
}
