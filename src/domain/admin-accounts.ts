import type { Role } from './account.js';
import type { Nothing } from './by-owner.js';

/** What the administrator asks about local accounts; forms as in `AdminOperations`. */
export interface AccountOperations {
  accounts: { request: Nothing; answer: { readonly accounts: readonly AccountReport[] } };
  'accounts-add': { request: AddAccount; answer: NewPassword & { readonly role: Role } };
  'accounts-remove': { request: { readonly name: string }; answer: { readonly jid: string } };
  'accounts-password': {
    request: { readonly name: string; readonly password?: string };
    answer: NewPassword;
  };
}

/** A local account. */
export interface AccountReport {
  readonly name: string;
  readonly jid: string;
  readonly role: Role;
  readonly connected: boolean;
  readonly createdAt: string;
  /** Address it was made from, or `local`. */
  readonly createdFrom: string;
}

/** A new account. Without a password one is generated. */
export interface AddAccount {
  readonly name: string;
  readonly owner?: boolean;
  readonly password?: string;
}

/** An account and the password that was generated for it; absent where the caller gave it. */
export interface NewPassword {
  readonly jid: string;
  readonly password?: string;
}
