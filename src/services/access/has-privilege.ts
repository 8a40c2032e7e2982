import type { Caller } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { decidingEntry, isPrivilegeId } from '../../domain/privilege.js';
import type { HasPrivilege } from '../../domain/service-commands.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { AggregateUnknown } from './aggregate.js';
import type { AskingUser } from './asking-user.js';
import type { UserPrivileges } from './user-privileges.js';

/**
 * A service asks whether a user may do something in it [0324 3.7.1]: the first line of his list that covers the
 * privilege decides; none: no. Refuses with bad-request what is no id of a privilege.
 */
export class HasPrivilegeIn {
  private readonly asking: AskingUser;
  private readonly privileges: UserPrivileges;
  private readonly aggregate: AggregateUnknown;
  private readonly audit: AuditRepeats;

  constructor(
    asking: AskingUser,
    privileges: UserPrivileges,
    aggregate: AggregateUnknown,
    audit: AuditRepeats,
  ) {
    this.asking = asking;
    this.privileges = privileges;
    this.aggregate = aggregate;
    this.audit = audit;
  }

  /** Decides from memory. */
  async run(command: HasPrivilege, caller: Caller): Promise<{ readonly result: boolean }> {
    const { privilegeId: id } = command;
    if (!isPrivilegeId(id)) throw new HubError('bad-request', 'This is no id of a privilege.');
    const token = await this.asking.run('has-privilege', command, caller);
    if (token === undefined) return { result: false };
    this.aggregate.privilege(token.service, id);
    const line = decidingEntry(this.privileges.of(token.service, token), id);
    const result = line?.include ?? false;
    const why =
      line === undefined ? 'nothing speaks of it' : `${line.include ? 'include' : 'exclude'} ${line.id}`;
    const about = `${token.user ?? 'a user who is not logged in'}: ${id}`;
    this.audit.note('has-privilege', caller.jid, about, `${result ? 'yes' : 'no'} (${why})`);
    return { result };
  }
}
