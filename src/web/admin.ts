import type { CodeReport, Ready } from '../domain/admin.js';
import type { ReachReport } from '../domain/admin-trust.js';
import type { AuditEntry } from '../domain/audit.js';
import type { CertificateRecord, TokenRecord } from '../domain/certificate.js';
import type { Caller, HubOperation, Operations } from '../domain/command.js';
import type { Moment } from '../domain/decision-time.js';
import type { DeviceSettings } from '../domain/device-settings.js';
import type { Finding } from '../domain/finding.js';
import type { NodeAddress } from '../domain/node-address.js';
import type { Pin } from '../domain/pin.js';
import type { Question } from '../domain/question.js';
import type { RosterItem } from '../domain/roster-item.js';
import type { Rule, TokenSubject } from '../domain/rule.js';
import type { Service as ServiceRecord } from '../domain/service.js';
import type { KnownThing, Thing } from '../domain/thing.js';
import type { EditServices } from '../services/access/edit-services.js';
import type { ListServices } from '../services/access/list-services.js';
import type { ChangePassword } from '../services/accounts/change-password.js';
import type { CreateAccount } from '../services/accounts/create-account.js';
import type { ListAccounts } from '../services/accounts/list-accounts.js';
import type { RemoveAccount } from '../services/accounts/remove-account.js';
import type { SetupCode } from '../services/accounts/setup-code.js';
import type { BefriendDevice } from '../services/owner/befriend.js';
import type { DecideQuestion } from '../services/owner/decide.js';
import type { ExplainDecision } from '../services/owner/explain.js';
import type { Owners } from '../services/owner/owners.js';
import type { RemoveRule } from '../services/owner/remove-rule.js';
import type { RuleBook } from '../services/owner/rule-book.js';
import type { SetDevice } from '../services/owner/set-device.js';
import type { Friendships } from '../services/provisioning/friendships.js';
import type { ClaimThing } from '../services/registry/claim.js';
import type { RemoveTokens } from '../services/tokens/remove-tokens.js';
import type { RevokeCertificate } from '../services/tokens/revoke-certificate.js';
import type { Refused } from '../services/trust/refusals.js';
import type { TrustPeer } from '../services/trust/trust-peer.js';

/** What the commands of the administrator need of the hub; the composition root has it all. */
export interface Admin {
  readonly hub: HubFacts;
  readonly claim: Service<'claim'> & Pick<ClaimThing, 'again'>;
  readonly search: Service<'search'>;
  readonly update: Service<'update'>;
  readonly remove: Service<'remove'>;
  readonly disown: Service<'disown'>;
  /** What the QR code of a thing says, shown to `by`; audited. */
  readonly claimCode: { run(address: NodeAddress, by: string): Promise<CodeReport> };
  readonly decide: Pick<DecideQuestion, 'run'>;
  readonly book: Pick<RuleBook, 'run'>;
  readonly removeRule: Pick<RemoveRule, 'run'>;
  readonly explain: Pick<ExplainDecision, 'run'>;
  readonly friendships: Pick<Friendships, 'decide' | 'isOwn'>;
  readonly devices: DevicesAdmin;
  readonly trust: TrustAdmin;
  readonly tokens: TokensAdmin;
  readonly services: ServicesAdmin;
  readonly owners: Pick<Owners, 'actingOwner' | 'local' | 'mayOwn'>;
  /** The things in memory. */
  readonly things: {
    readonly count: number;
    /** How many of them nobody owns. */
    readonly unclaimed: number;
    all(): Iterable<KnownThing>;
    get(address: NodeAddress): KnownThing | undefined;
    /** What an account (bare JID) has: itself, and nodes behind it. */
    of(jid: string): readonly KnownThing[];
  };
  /** A thing as it is on the disk. */
  thing(address: NodeAddress): Promise<Thing | undefined>;
  readonly questions: { all(): readonly Question[] };
  readonly rules: { all(): Iterable<Rule>; get(id: string): Rule | undefined };
  readonly accounts: AccountsAdmin;
  readonly audit: {
    last(count: number): readonly AuditEntry[];
    follow(follower: (entry: AuditEntry) => void): () => void;
  };
}

/** An operation of the registry, as its service runs it. */
interface Service<Name extends HubOperation> {
  run(
    command: Operations[Name]['command'],
    caller: Caller,
  ): Operations[Name]['answer'] | Promise<Operations[Name]['answer']>;
}

/** What changes in the hub while it runs. */
export interface HubFacts {
  readonly ready: () => Ready;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** What is damaged, while the store is in safe mode. */
  readonly damage: () => string | undefined;
  /** What needs somebody's attention, in sentences. */
  readonly warnings: () => readonly string[];
  /** Looks at the hub and its network, for three seconds at most. */
  readonly doctor: () => Promise<readonly Finding[]>;
  /** Connections that are logged in. */
  readonly connections: () => number;
  /** Notices that wait. */
  readonly notices: () => number;
  /** Whether this bare JID has a connection now. */
  readonly connected: (jid: string) => boolean;
  /** How this bare JID is reached now. */
  readonly reached: (jid: string) => readonly ReachReport[];
  /** Now, for rules that hold at times only. */
  readonly moment: () => Moment;
  /** Milliseconds since 1970; `undefined` where the clock cannot be right. */
  readonly time: () => number | undefined;
}

/** What the hub knows of single devices (bare JIDs), beside their place in the registry. */
export interface DevicesAdmin {
  readonly set: Pick<SetDevice, 'run'>;
  readonly befriend: Pick<BefriendDevice, 'run'>;
  /** What their owners decided, and what the configuration says of all others. */
  readonly settings: { get(device: string): DeviceSettings; readonly defaults: Required<DeviceSettings> };
  /** The roster of a device, where the hub keeps it. */
  contacts(device: string): readonly RosterItem[];
}

/** What the hub knows of names (bare JIDs) on the link and their certificates. */
export interface TrustAdmin {
  readonly peer: Pick<TrustPeer, 'run' | 'forget'>;
  pinOf(jid: string): Pin | undefined;
  refusedOf(jid: string): Refused;
  /** The names with refusals that no owner decided about yet, the latest last. */
  refusedNames(): readonly string[];
}

/** What handles tokens and the certificates behind them. */
export interface TokensAdmin {
  /** All tokens, by their hashes. */
  readonly known: { all(): Iterable<readonly [string, TokenRecord]> };
  /** The certificates behind them, by their fingerprints. */
  readonly certificates: {
    all(): Iterable<readonly [string, Omit<CertificateRecord, 'der'>]>;
    get(fingerprint: string): Omit<CertificateRecord, 'der'> | undefined;
  };
  readonly revoke: Pick<RevokeCertificate, 'run'>;
  readonly remove: Pick<RemoveTokens, 'run'>;
  /** The identity behind a token; `undefined` where this hub gave no such token. */
  identityOf(kind: TokenSubject['kind'], token: string): string | undefined;
}

/** What handles services, their users and what these may do. */
export interface ServicesAdmin {
  readonly known: {
    /** In the order in which the hub first knew of them. */
    all(): readonly ServiceRecord[];
    /** By its identity. */
    get(identity: string): ServiceRecord | undefined;
    /** By its name, or by the beginning of its identity alone. */
    find(text: string): ServiceRecord | undefined;
  };
  readonly list: Pick<ListServices, 'run' | 'show' | 'overlooked'>;
  readonly edit: Pick<EditServices, 'run'>;
}

/** What handles local accounts. */
export interface AccountsAdmin {
  /** The XMPP domain that the accounts belong to. */
  readonly domain: string;
  readonly list: Pick<ListAccounts, 'run'>;
  readonly create: Pick<CreateAccount, 'run'>;
  readonly remove: Pick<RemoveAccount, 'run'>;
  readonly changePassword: Pick<ChangePassword, 'run'>;
  readonly setupCode: Pick<SetupCode, 'issue'>;
}
