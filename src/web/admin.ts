import type { Ready } from '../domain/admin.js';
import type { AuditEntry } from '../domain/audit.js';
import type { NodeAddress } from '../domain/node-address.js';
import type { Question } from '../domain/question.js';
import type { Rule } from '../domain/rule.js';
import type { Thing } from '../domain/thing.js';
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
  readonly claim: Pick<ClaimThing, 'run'>;
  readonly decide: Pick<DecideQuestion, 'run'>;
  readonly removeRule: Pick<RemoveRule, 'run'>;
  readonly owners: Pick<Owners, 'actingOwner' | 'local'>;
  readonly things: {
    readonly count: number;
    all(): Iterable<Thing>;
    get(address: NodeAddress): Thing | undefined;
  };
  readonly questions: { all(): readonly Question[] };
  readonly rules: { all(): Iterable<Rule> };
  readonly accounts: AccountsAdmin;
  readonly audit: {
    last(count: number): readonly AuditEntry[];
    follow(follower: (entry: AuditEntry) => void): () => void;
  };
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
