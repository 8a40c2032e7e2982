import type { SecureContext } from 'node:tls';
import type { AccountDirectory } from '../../services/accounts/account-directory.js';
import type { ChangePassword } from '../../services/accounts/change-password.js';
import type { CreateAccount } from '../../services/accounts/create-account.js';
import type { RemoveAccount } from '../../services/accounts/remove-account.js';
import type { SetupCode } from '../../services/accounts/setup-code.js';
import type { ChangeRosterSubscription } from '../../services/roster/change-subscription.js';
import type { ClearRoster } from '../../services/roster/clear-roster.js';
import type { RemoveRosterItem } from '../../services/roster/remove-item.js';
import type { RosterDirectory } from '../../services/roster/roster-directory.js';
import type { SetRosterItem } from '../../services/roster/set-item.js';

/** The services about accounts that the embedded server calls. */
export interface AccountPorts {
  readonly directory: Pick<AccountDirectory, 'find' | 'onRevoked'>;
  readonly create: Pick<CreateAccount, 'run'>;
  readonly changePassword: Pick<ChangePassword, 'run'>;
  readonly remove: Pick<RemoveAccount, 'run'>;
  readonly setupCode: Pick<SetupCode, 'check'>;
}

/** The services about rosters that the embedded server calls. */
export interface RosterPorts {
  readonly directory: RosterDirectory;
  readonly set: Pick<SetRosterItem, 'run'>;
  readonly remove: Pick<RemoveRosterItem, 'run'>;
  readonly change: Pick<ChangeRosterSubscription, 'run'>;
  readonly clear: Pick<ClearRoster, 'run'>;
}

/** The hub's certificate as TLS takes it; asked for each connection, since it is renewed while the hub runs. */
export type CertificateSource = () => SecureContext;
