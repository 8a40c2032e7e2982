import type { Account } from '../../domain/account.js';
import type { AccountDirectory } from './account-directory.js';

/** An account as it is shown: without its keys. */
export type AccountSummary = Omit<Account, 'scram'>;

/** Lists the local accounts. */
export class ListAccounts {
  private readonly directory: AccountDirectory;

  constructor(directory: AccountDirectory) {
    this.directory = directory;
  }

  /** All accounts, by name. */
  run(): AccountSummary[] {
    return this.directory
      .all()
      .map(({ name, role, createdAt, createdFrom }) => ({ name, role, createdAt, createdFrom }));
  }
}
