import type { AdminOperations } from '../../domain/admin.js';
import type { NewPassword } from '../../domain/admin-accounts.js';
import { answering } from '../answering.js';
import { table } from '../columns.js';
import type { Invocation } from '../invocation.js';
import { readableTime } from '../readable-time.js';
import type { Shell } from '../shell.js';
import { UsageError } from '../usage-error.js';

/** `hearth accounts` */
export const list = answering({ operation: 'accounts', request: () => ({}), show });

/** `hearth accounts add NAME` */
export const add = answering({
  operation: 'accounts-add',
  request: async (invocation, shell) => ({
    name: accountName(invocation),
    owner: invocation.flag('owner'),
    ...(await password(invocation, shell)),
  }),
  show: (made) => `Account ${made.jid} is made${made.role === 'owner' ? ', an owner' : ''}.\n${shown(made)}`,
});

/** `hearth accounts remove NAME` */
export const remove = answering({
  operation: 'accounts-remove',
  request: (invocation) => ({ name: accountName(invocation) }),
  show: ({ jid }) => `Account ${jid} is gone, and its connections with it.\n`,
});

/** `hearth accounts password NAME` */
export const changePassword = answering({
  operation: 'accounts-password',
  request: async (invocation, shell) => ({
    name: accountName(invocation),
    ...(await password(invocation, shell)),
  }),
  show: (changed) =>
    `Account ${changed.jid} has a new password; its connections are closed.\n${shown(changed)}`,
});

/** A whole address in place of the name is the likely slip; RFC 7622 §3.3.1 forbids the others in a local part. */
function accountName(invocation: Invocation): string {
  const name = invocation.required(0);
  if (name === '' || /[\s"&'/:<>@]/.test(name)) {
    throw new UsageError(`NAME is the part of the address before the @, such as anna, not "${name}".`);
  }
  return name;
}

/** A password never stands on the command line, where every user of the machine reads it. */
async function password(invocation: Invocation, shell: Shell): Promise<{ readonly password?: string }> {
  const typed = invocation.flag('generate') ? '' : await shell.readLine();
  return typed === '' ? {} : { password: typed };
}

function shown({ password: generated }: NewPassword): string {
  return generated === undefined ? '' : `Its password, shown only now: ${generated}\n`;
}

function show({ accounts }: AdminOperations['accounts']['answer'], shell: Shell): string {
  if (accounts.length === 0) return "No accounts. Make the owner's with: hearth accounts add NAME --owner\n";
  const rows = accounts.map((account) => [
    account.jid,
    account.role,
    account.connected ? 'connected' : 'away',
    readableTime(account.createdAt, shell.now()),
    account.createdFrom === 'local' ? 'this machine' : account.createdFrom,
  ]);
  return table(['ACCOUNT', 'ROLE', 'STATE', 'MADE', 'FROM'], rows);
}
