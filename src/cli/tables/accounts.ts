import { type Command, hubOptions } from '../command.js';
import { listWord } from './shared.js';

const generate = {
  name: 'generate',
  meaning: 'Generate a password and do not read one from standard input.',
};
const name = { name: 'NAME', meaning: 'The name of the account, the part of its address before the @.' };
const passwordDetails =
  'The password is the first line of standard input, or generated and shown once where that is a terminal or empty.';

/** The accounts of the hub, and its owners. */
export const accountTable: readonly Command[] = [
  {
    words: ['accounts'],
    summary: 'The accounts of this hub.',
    positionals: [listWord],
    options: hubOptions,
    load: async () => (await import('../commands/accounts.js')).list,
  },
  {
    words: ['accounts', 'add'],
    summary: 'Make an account.',
    details: passwordDetails,
    positionals: [name],
    options: [{ name: 'owner', meaning: 'The account owns the hub.' }, generate, ...hubOptions],
    load: async () => (await import('../commands/accounts.js')).add,
  },
  {
    words: ['accounts', 'remove'],
    summary: 'Remove an account and close its connections.',
    positionals: [name],
    options: hubOptions,
    load: async () => (await import('../commands/accounts.js')).remove,
  },
  {
    words: ['accounts', 'password'],
    summary: 'Give an account a new password.',
    details: passwordDetails,
    positionals: [name],
    options: [generate, ...hubOptions],
    load: async () => (await import('../commands/accounts.js')).changePassword,
  },
  {
    words: ['owner'],
    summary: 'Who owns this hub; a setup code while nobody does.',
    positionals: [],
    options: hubOptions,
    load: async () => (await import('../commands/owner.js')).owner,
  },
  {
    words: ['setup-code'],
    summary: 'A new one-time code that makes one account an owner.',
    positionals: [],
    options: hubOptions,
    load: async () => (await import('../commands/owner.js')).setupCode,
  },
];
