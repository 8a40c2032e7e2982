import { Jid } from '../../domain/jid.js';
import type { Commands } from '../command.js';
import { accountReport } from '../reports.js';
import { LOCAL, nothing, optional } from '../request-parts.js';

/** The accounts of the hub. */
export const accountCommands: Commands<
  'accounts' | 'accounts-add' | 'accounts-remove' | 'accounts-password'
> = {
  accounts: {
    read: nothing,
    run: ({ accounts, hub }) => {
      const reports = accounts.list.run().map((account) => {
        const { bare } = Jid.of(account.name, accounts.domain);
        return accountReport(account, bare, hub.connected(bare));
      });
      return { accounts: reports };
    },
  },
  'accounts-add': {
    read: (body) => ({
      name: body.text('name'),
      owner: body.flag('owner'),
      ...optional('password', body.optionalText('password')),
    }),
    run: async ({ accounts }, { name, owner: isOwner, password }) => {
      const role = isOwner ? 'owner' : 'user';
      const made = await accounts.create.run({ name, role, password, from: LOCAL });
      const { bare } = Jid.of(made.account.name, accounts.domain);
      return { jid: bare, role, ...optional('password', made.password) };
    },
  },
  'accounts-remove': {
    read: (body) => ({ name: body.text('name') }),
    run: async ({ accounts }, { name }) => {
      const { local, bare } = Jid.of(name, accounts.domain);
      await accounts.remove.run(local, LOCAL);
      return { jid: bare };
    },
  },
  'accounts-password': {
    read: (body) => ({ name: body.text('name'), ...optional('password', body.optionalText('password')) }),
    run: async ({ accounts }, { name, password }) => {
      const { local, bare } = Jid.of(name, accounts.domain);
      const { generated } = await accounts.changePassword.run(local, password, LOCAL);
      return { jid: bare, ...optional('password', generated) };
    },
  },
};
