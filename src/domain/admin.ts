import type { AccountOperations } from './admin-accounts.js';
import type { ProvisioningOperations, QuestionReport, RuleReport } from './admin-provisioning.js';
import type { ServiceAdminOperations } from './admin-services.js';
import type { PinReport, ReachReport, TrustOperations } from './admin-trust.js';
import type { ByOwner, Nothing, OfView } from './by-owner.js';
import type { Finding } from './finding.js';

/**
 * What the hub's administrator and the hub say to each other, over the control socket and by the owner's pages. Times
 * are ISO 8601 in UTC, addresses as `formatAddress` writes them, JIDs bare. A part that is off is `null`.
 */
export interface AdminOperations
  extends ProvisioningOperations,
    ServiceAdminOperations,
    AccountOperations,
    TrustOperations {
  status: { request: Nothing; answer: HubStatus };
  doctor: { request: Nothing; answer: { readonly findings: readonly Finding[] } };
  things: {
    request: ListThings;
    answer: { readonly things: readonly ThingReport[]; readonly more: boolean };
  };
  'things-show': { request: OfView & { readonly address: string }; answer: ThingDetail };
  'claim-code': { request: { readonly address: string }; answer: CodeReport };
  claim: { request: ClaimRequest; answer: ThingReport };
  search: { request: SearchRequest; answer: SearchReport };
  update: {
    request: ByOwner & { readonly address: string; readonly tags: readonly string[] };
    answer: ThingReport;
  };
  remove: { request: ByOwner & { readonly address: string }; answer: ThingReport };
  disown: { request: ByOwner & { readonly address: string }; answer: ThingReport };
  owner: { request: Nothing; answer: OwnerReport };
  'setup-code': { request: Nothing; answer: SetupCode };
  audit: {
    request: OfView & { readonly limit?: number };
    answer: { readonly entries: readonly AuditReport[] };
  };
}

/** The name of an operation of the administrator. */
export type AdminOperation = keyof AdminOperations;

/** What the hub is and where it is reached; the JSON of the `ready` line. */
export interface Ready {
  readonly version: string;
  readonly domain: string;
  /** The address of registry and provisioning. */
  readonly hub: string;
  readonly server: { readonly host: string; readonly port: number; readonly tlsPort: number } | null;
  readonly linkLocal: { readonly port: number; readonly instance: string } | null;
  readonly web: { readonly url: string } | null;
  /** The path of the control socket. */
  readonly control: string;
}

/** How the hub is. */
export interface HubStatus extends Ready {
  readonly state: 'ready' | 'safe mode';
  readonly since: string;
  readonly uplink: null;
  readonly counts: {
    readonly things: number;
    readonly unclaimed: number;
    readonly accounts: number;
    readonly connections: number;
    readonly pending: number;
    readonly rules: number;
    /** What things and owners must still be told. */
    readonly notices: number;
  };
  /** What needs somebody's attention, in sentences. */
  readonly warnings: readonly string[];
}

/** Which things to list: all that fit every filter, in the order of their addresses. */
export interface ListThings {
  readonly owner?: string;
  /** Without owner. */
  readonly unclaimed?: boolean;
  /** Owned, and not to be found by searches since its owner claimed it so. */
  readonly private?: boolean;
  /** To be found by searches. */
  readonly public?: boolean;
  /** Taken out of the registry by its owner. */
  readonly removed?: boolean;
  /** Not connected. */
  readonly away?: boolean;
  /** Text that the address, the owner, or the name or the value of a tag other than KEY holds; case does not count. */
  readonly match?: string;
  readonly offset?: number;
  readonly limit?: number;
}

/** A thing in a list. */
export interface ThingReport {
  readonly address: string;
  /** `null` while nobody claimed it. */
  readonly owner: string | null;
  readonly public: boolean;
  /** Taken out of the registry by its owner, who still owns it. */
  readonly removed: boolean;
  readonly connected: boolean;
  /**
   * Whether somebody spoke under its name without the certificate of that name, or showed a first one where it has none,
   * and no owner has decided yet. False for who sees of it what a search tells.
   */
  readonly certificateUnclear: boolean;
  /** Without KEY. */
  readonly tags: Readonly<Record<string, string | number>>;
}

/** All that is known of a thing. */
export interface ThingDetail extends ThingReport {
  readonly registeredAt: string;
  readonly claimedAt: string | null;
  /** How it is reached now, the sessions that are tried first in front; empty while it is away. */
  readonly reached: readonly ReachReport[];
  /** `null` while its name has none. */
  readonly pin: PinReport | null;
  readonly rules: readonly RuleReport[];
  readonly questions: readonly QuestionReport[];
}

/** A claim by the text of the QR code, or the code as typed. */
export interface ClaimRequest extends ByOwner {
  readonly code: string;
  readonly private?: boolean;
}

/**
 * What the QR code of a thing says: `claim`, KEY among it, while nobody owns the thing; then `direct`, which only names
 * its address.
 */
export interface CodeReport {
  readonly kind: 'claim' | 'direct';
  readonly code: string;
}

/** A search of the registry, each expression as in `CLASS=lamp`, or one `iotdisco:` search URI. */
export interface SearchRequest {
  readonly expressions: readonly string[];
  readonly offset?: number;
  readonly limit?: number;
}

/** One page of what a search found. */
export interface SearchReport {
  readonly things: readonly ThingReport[];
  readonly more: boolean;
}

/** Who owns the hub, or the code by which the first owner makes his account. */
export interface OwnerReport {
  readonly owners: readonly string[];
  readonly setupCode: SetupCode | null;
}

/** A code that makes one account an owner's. */
export interface SetupCode {
  readonly code: string;
  readonly expiresAt: string;
}

/** A line of the audit. */
export interface AuditReport {
  readonly at: string;
  readonly what: string;
  readonly by: string;
  readonly thing?: string;
  readonly about?: string;
  readonly outcome: string;
  readonly times?: number;
}
