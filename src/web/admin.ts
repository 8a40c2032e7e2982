import type { CodeReport, Ready } from '../domain/admin.js';
import type { AuditEntry } from '../domain/audit.js';
import type { Caller, HubOperation, Operations } from '../domain/command.js';
import type { NodeAddress } from '../domain/node-address.js';
import type { Question } from '../domain/question.js';
import type { Rule } from '../domain/rule.js';
import type { KnownThing, Thing } from '../domain/thing.js';
import type { ChangePassword } from '../services/accounts/change-password.js';
import type { CreateAccount } from '../services/accounts/create-account.js';
import type { ListAccounts } from '../services/accounts/list-accounts.js';
import type { RemoveAccount } from '../services/accounts/remove-account.js';
import type { SetupCode } from '../services/accounts/setup-code.js';
import type { DecideQuestion } from '../services/owner/decide.js';
import type { Owners } from '../services/owner/owners.js';
import type { RemoveRule } from '../services/owner/remove-rule.js';
import type { ClaimThing } from '../services/registry/claim.js';

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
  readonly removeRule: Pick<RemoveRule, 'run'>;
  readonly owners: Pick<Owners, 'actingOwner' | 'local' | 'mayOwn'>;
  /** The things in memory. */
  readonly things: {
    readonly count: number;
    /** How many of them nobody owns. */
    readonly unclaimed: number;
    all(): Iterable<KnownThing>;
    get(address: NodeAddress): KnownThing | undefined;
  };
  /** A thing as it is on the disk. */
  thing(address: NodeAddress): Promise<Thing | undefined>;
  readonly questions: { all(): readonly Question[] };
  readonly rules: { all(): Iterable<Rule> };
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
  /** Connections that are logged in. */
  readonly connections: () => number;
  /** Notices that wait. */
  readonly notices: () => number;
  /** Whether this bare JID has a connection now. */
  readonly connected: (jid: string) => boolean;
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
