import type { Caller } from '../../domain/command.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { AggregateUnknown } from './aggregate.js';

/**
 * Finds the identity of a service behind its token, which `caller` sent to the hub itself: the SHA-256 of its
 * certificate, in hex; `undefined` for a token that is not his, or not valid any more.
 */
export type IdentityOf = (serviceToken: string, caller: Caller) => Promise<string | undefined>;

/** Which service asks [0324 3.6]. One without valid token is nobody, and is told no. */
export class AskingService {
  private readonly identityOf: IdentityOf;
  private readonly aggregate: AggregateUnknown;
  private readonly audit: AuditRepeats;

  constructor(identityOf: IdentityOf, aggregate: AggregateUnknown, audit: AuditRepeats) {
    this.identityOf = identityOf;
    this.aggregate = aggregate;
    this.audit = audit;
  }

  /** Its identity; one that nobody has set up may be remembered. `what` names the operation to the audit. */
  async run(what: string, serviceToken: string, caller: Caller): Promise<string | undefined> {
    const identity = await this.identityOf(serviceToken, caller);
    if (identity === undefined) this.audit.note(what, caller.jid, 'a service', 'no (its token is not valid)');
    else this.aggregate.service(identity);
    return identity;
  }
}
