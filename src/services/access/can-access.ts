import type { Caller } from '../../domain/command.js';
import { decidingRule, type PresentedUser } from '../../domain/credential-condition.js';
import { HubError } from '../../domain/errors.js';
import { type Service, serviceLabel } from '../../domain/service.js';
import type { CanAccess, CanAccessAnswer } from '../../domain/service-commands.js';
import type { ServiceIndex } from '../../storage/indexes/service-index.js';
import { services } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { RateLimit } from '../rate-limit.js';
import type { AskingService } from './asking-service.js';
import { describeUser } from './describe-user.js';
import { type CertificateReading, presentUser } from './present-user.js';
import type { Grant, UserTokens } from './user-tokens.js';

/** What access stands on. */
export interface CanAccessParts {
  readonly store: Store;
  readonly asking: AskingService;
  readonly services: ServiceIndex;
  readonly tokens: UserTokens;
  readonly certificates: CertificateReading;
  readonly rate: RateLimit;
  readonly audit: AuditRepeats;
  /** Whether the clock can be right. */
  readonly timeKnown: () => boolean;
}

/**
 * A service asks whether a user may use it, by what it knows of him [0324 3.6.2]. The owner's rules decide, the first
 * that fits; none: no. With a yes goes a token by which both speak of the user from then on. The hub has verified none
 * of the credentials: it trusts the service in that. Refuses with bad-request credentials that are malformed, and with
 * too-many-requests.
 */
export class CanAccessService {
  private readonly parts: CanAccessParts;
  private readonly clock: Clock;

  constructor(parts: CanAccessParts, clock: Clock) {
    this.parts = parts;
    this.clock = clock;
  }

  /** A no comes from memory; a yes when the token is on the disk. */
  async run(command: CanAccess, caller: Caller): Promise<CanAccessAnswer> {
    const { store, rate, asking, services: known, certificates, timeKnown } = this.parts;
    if (!rate.take(caller.jid)) throw new HubError('too-many-requests');
    const identity = await asking.run('can-access', command.serviceToken, caller);
    if (identity === undefined || store.damage !== undefined) return { result: false };
    const user = presentUser(command.credentials, certificates, timeKnown() ? this.clock.now() : undefined);
    const service = known.get(identity);
    const rule = decidingRule(service?.rules ?? [], user);
    const label = serviceLabel(identity, service);
    if (rule?.allow !== true)
      return this.no(caller, label, rule === undefined ? 'no rule' : `rule ${rule.id}`);
    const credentials = describeUser(command.credentials);
    const userToken = await this.grant(identity, user, { by: caller.jid, credentials });
    if (userToken === undefined) return this.no(caller, label, 'the rules have changed');
    this.parts.audit.note('can-access', caller.jid, label, `yes (rule ${rule.id})`);
    return { result: true, userToken };
  }

  /** Decides again on what is on its way to the disk: an owner may have changed the rules just now. */
  private grant(
    identity: string,
    user: PresentedUser,
    grant: Omit<Grant, 'rule'>,
  ): Promise<string | undefined> {
    return this.parts.store.transact(async (transaction) => {
      const service: Service | undefined = await transaction.get(services, identity);
      const rule = service && decidingRule(service.rules, user);
      if (service === undefined || rule?.allow !== true) return undefined;
      return this.parts.tokens.issue(transaction, service, { ...grant, rule: rule.id });
    });
  }

  private no(caller: Caller, label: string, why: string): CanAccessAnswer {
    this.parts.audit.note('can-access', caller.jid, label, `no (${why})`);
    return { result: false };
  }
}
