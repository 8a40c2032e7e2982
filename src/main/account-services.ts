import type { Config } from '../config/schema.js';
import { Jid } from '../domain/jid.js';
import { AccountDirectory } from '../services/accounts/account-directory.js';
import { ChangePassword } from '../services/accounts/change-password.js';
import { CreateAccount } from '../services/accounts/create-account.js';
import { ListAccounts } from '../services/accounts/list-accounts.js';
import { LoginGuard } from '../services/accounts/login-guard.js';
import { RedeemSetupCode } from '../services/accounts/redeem-setup-code.js';
import { RemoveAccount } from '../services/accounts/remove-account.js';
import { SetupCode } from '../services/accounts/setup-code.js';
import { RateLimit } from '../services/rate-limit.js';
import type { Store } from '../storage/store.js';
import type { World } from '../system/world.js';
import { accountKeys } from '../xmpp/scram.js';
import { HUB_ALIAS } from './addresses.js';

/** Everything about local accounts, joined. */
export class AccountServices {
  readonly domain: string;
  readonly directory: AccountDirectory;
  readonly guard: LoginGuard;
  readonly setupCode: SetupCode;
  readonly list: ListAccounts;
  readonly create: CreateAccount;
  readonly remove: RemoveAccount;
  readonly changePassword: ChangePassword;
  readonly redeem: RedeemSetupCode;

  /** Follows the store, so before it starts. `inUse` says whether things or rules go by an address without account. */
  constructor(config: Config, store: Store, domain: string, inUse: (jid: string) => boolean, world: World) {
    const { clock, random, log } = world;
    const iterations = config.server.scramIterations;
    const deriveKeys = (password: string) => accountKeys(password, iterations, random);
    const rate = new RateLimit(config.limits.registrationsPerMinute, clock);
    const options = {
      domain,
      limit: config.limits.accounts,
      hubNames: [HUB_ALIAS],
      inUse: (name: string) => inUse(`${name}@${domain}`),
    };
    this.domain = domain;
    this.directory = new AccountDirectory(log.part('accounts'));
    store.follow(this.directory);
    this.guard = new LoginGuard(clock);
    this.setupCode = new SetupCode(clock, random);
    this.list = new ListAccounts(this.directory);
    this.create = new CreateAccount(store, this.directory, deriveKeys, this.setupCode, rate, options, world);
    this.remove = new RemoveAccount(store, domain, clock);
    this.changePassword = new ChangePassword(store, deriveKeys, domain, world);
    this.redeem = new RedeemSetupCode(store, this.setupCode, domain, clock);
  }

  /** Bare JIDs of the owners' accounts; the same array until one changes. */
  owners(): readonly string[] {
    const names = this.directory.ownerNames();
    if (this.ownerNames !== names) {
      this.ownerNames = names;
      this.ownerJids = names.map((name) => `${name}@${this.domain}`);
    }
    return this.ownerJids;
  }

  /** Whether a bare JID of the domain has no account, or is losing it. */
  isGone(jid: string): boolean {
    const { local, domain } = Jid.parse(jid);
    if (domain !== this.domain) return false;
    return this.directory.find(local) === undefined || this.remove.removes(local);
  }

  private ownerNames: readonly string[] = [];
  private ownerJids: readonly string[] = [];
}
