import type { Account, Role } from '../../domain/account.js';
import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import { accounts } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { Random } from '../../system/random.js';
import { appendAudit } from '../audit-trail.js';
import type { RateLimit } from '../rate-limit.js';
import type { AccountDirectory } from './account-directory.js';
import { addressGroup } from './address-group.js';
import { type DeriveKeys, generatePassword } from './password.js';
import type { SetupCode } from './setup-code.js';

/** Names that seem to speak for the hub: only the machine's administrator and who has the setup code gets them. */
export const administrativeNames: ReadonlySet<string> = new Set(
  'admin administrator root owner hearth support security postmaster hostmaster webmaster abuse xmpp'.split(
    ' ',
  ),
);

/** What is asked for. */
export interface NewAccount {
  /** Local part as it was typed. */
  readonly name: string;
  /** Generated if absent. */
  readonly password?: string | undefined;
  readonly role: Role;
  /** Address of the one who asks: an IP address, or `local` for the machine itself. */
  readonly from: string;
  /** Bare JID of an owner who makes the account; absent if it is made for the one who asks. */
  readonly by?: string | undefined;
  /** Makes the account an owner, whatever `role` says. */
  readonly setupCode?: string | undefined;
}

/** What came of it. */
export interface CreatedAccount {
  readonly account: Account;
  /** Only if it was generated; it is kept nowhere else. */
  readonly password: string | undefined;
}

/** What accounts are made with. */
export interface CreateAccountOptions {
  readonly domain: string;
  /** The most accounts there may be. */
  readonly limit: number;
  /** Local parts of the hub's own addresses, which nobody gets. */
  readonly hubNames: readonly string[];
  /** Names that must not go to a stranger because something still belongs to them: things of a removed owner. */
  readonly inUse?: (name: string) => boolean;
}

/** Makes a local account. */
export class CreateAccount {
  private making = 0;
  private readonly store: Store;
  private readonly directory: AccountDirectory;
  private readonly deriveKeys: DeriveKeys;
  private readonly setupCode: SetupCode;
  private readonly rate: RateLimit;
  private readonly options: CreateAccountOptions;
  private readonly clock: Clock;
  private readonly random: Random;

  /** `rate` limits how many accounts one address may make. */
  constructor(
    store: Store,
    directory: AccountDirectory,
    deriveKeys: DeriveKeys,
    setupCode: SetupCode,
    rate: RateLimit,
    options: CreateAccountOptions,
    world: { readonly clock: Clock; readonly random: Random },
  ) {
    this.store = store;
    this.directory = directory;
    this.deriveKeys = deriveKeys;
    this.setupCode = setupCode;
    this.rate = rate;
    this.options = options;
    this.clock = world.clock;
    this.random = world.random;
  }

  /**
   * Resolves when the account is on the disk. Refuses with too-many-requests (per address), limit-reached, conflict
   * (taken or kept names), jid-malformed, not-acceptable (the password), forbidden (the setup code).
   */
  async run(request: NewAccount): Promise<CreatedAccount> {
    if (request.from !== 'local' && !this.rate.take(addressGroup(request.from)))
      throw new HubError('too-many-requests');
    const name = this.checkName(request);
    if (this.directory.count + this.making >= this.options.limit) throw new HubError('limit-reached');
    const undo = this.useCode(request.setupCode);
    this.making += 1;
    try {
      return await this.create(name, request, undo === undefined ? request.role : 'owner');
    } catch (error) {
      undo?.();
      throw error;
    } finally {
      this.making -= 1;
    }
  }

  private checkName(request: NewAccount): string {
    if (request.name === '') throw new HubError('not-acceptable', 'An account needs a name.');
    const { local } = Jid.of(request.name, this.options.domain);
    const stranger = request.from !== 'local' && request.setupCode === undefined;
    if ((stranger && administrativeNames.has(local)) || this.options.hubNames.includes(local))
      throw new HubError('conflict', 'This name is kept for the hub. Choose another.');
    if (this.directory.find(local) !== undefined) throw new HubError('conflict');
    if (request.from !== 'local' && this.options.inUse?.(local))
      throw new HubError('conflict', 'Things still belong to this name. Choose another.');
    return local;
  }

  private useCode(code: string | undefined): (() => void) | undefined {
    if (code === undefined) return undefined;
    const undo = this.setupCode.take(code);
    if (undo !== undefined) return undo;
    throw new HubError('forbidden', 'This setup code is wrong or too old. A fresh one: hearth owner');
  }

  private async create(name: string, request: NewAccount, role: Role): Promise<CreatedAccount> {
    const generated = request.password === undefined ? generatePassword(this.random) : undefined;
    const scram = await this.deriveKeys(request.password ?? generated ?? '');
    const jid = `${name}@${this.options.domain}`;
    const at = this.clock.now();
    const account: Account = { name, role, scram, createdAt: at, createdFrom: request.from };
    await this.store.transact(async (transaction) => {
      if ((await transaction.get(accounts, name)) !== undefined) throw new HubError('conflict');
      transaction.put(accounts, name, account);
      await appendAudit(transaction, {
        at,
        what: 'create-account',
        by: request.by ?? (request.from === 'local' ? 'local' : jid),
        about: jid,
        outcome: `done, ${role}, from ${request.from}`,
      });
    });
    return { account, password: generated };
  }
}
