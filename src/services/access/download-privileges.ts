import type { Caller, Operations } from '../../domain/command.js';
import { effectiveEntries } from '../../domain/privilege.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { AskingUser } from './asking-user.js';
import type { UserPrivileges } from './user-privileges.js';

/**
 * A service asks for all privileges of a user, to decide by itself [0324 3.7.2]: the list by which the hub decides,
 * without the lines that never do. It is empty for a user whom the hub does not know.
 */
export class DownloadPrivilegesOf {
  private readonly asking: AskingUser;
  private readonly privileges: UserPrivileges;
  private readonly audit: AuditRepeats;

  constructor(asking: AskingUser, privileges: UserPrivileges, audit: AuditRepeats) {
    this.asking = asking;
    this.privileges = privileges;
    this.audit = audit;
  }

  /** Answers from memory. */
  async run(
    command: Operations['download-privileges']['command'],
    caller: Caller,
  ): Promise<Operations['download-privileges']['answer']> {
    const token = await this.asking.run('download-privileges', command, caller);
    if (token === undefined) return { entries: [] };
    const entries = effectiveEntries(this.privileges.of(token.service, token));
    const about = token.user ?? 'a user who is not logged in';
    this.audit.note(
      'download-privileges',
      caller.jid,
      about,
      `${entries.length} ${entries.length === 1 ? 'line' : 'lines'}`,
    );
    return { entries };
  }
}
