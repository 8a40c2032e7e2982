import type { Config } from '../config/schema.js';
import { AggregateUnknown } from '../services/access/aggregate.js';
import { AskingService, type IdentityOf } from '../services/access/asking-service.js';
import { AskingUser } from '../services/access/asking-user.js';
import { CanAccessService } from '../services/access/can-access.js';
import { DownloadPrivilegesOf } from '../services/access/download-privileges.js';
import { EditServices } from '../services/access/edit-services.js';
import { HasPrivilegeIn } from '../services/access/has-privilege.js';
import { ListServices } from '../services/access/list-services.js';
import type { CertificateReading } from '../services/access/present-user.js';
import { UserLoggedInAt } from '../services/access/user-logged-in.js';
import { UserPrivileges } from '../services/access/user-privileges.js';
import { UserTokens } from '../services/access/user-tokens.js';
import type { AuditRepeats } from '../services/audit-repeats.js';
import type { Owners } from '../services/owner/owners.js';
import { RateLimit } from '../services/rate-limit.js';
import type { Store } from '../storage/store.js';
import type { World } from '../system/world.js';
import type { Indexes } from './indexes.js';

const DAY = 86_400_000;

/** What services and their users stand on. */
export interface UserParts {
  readonly store: Store;
  readonly indexes: Indexes;
  readonly owners: Owners;
  readonly repeats: AuditRepeats;
  readonly certificates: CertificateReading;
  readonly identityOf: IdentityOf;
  readonly timeKnown: () => boolean;
}

/** Services, their users and privileges, joined. */
export class UserServices {
  readonly canAccess: CanAccessService;
  readonly userLoggedIn: UserLoggedInAt;
  readonly hasPrivilege: HasPrivilegeIn;
  readonly downloadPrivileges: DownloadPrivilegesOf;
  readonly edit: EditServices;
  readonly list: ListServices;

  constructor(config: Config, parts: UserParts, tokens: UserTokens, { clock, log }: World) {
    const { store, indexes, owners, repeats: audit, certificates, identityOf, timeKnown } = parts;
    const { services, users, privileges } = indexes;
    const { services: most, serviceUsers, seenPrivileges, tokenRequestsPerMinute } = config.limits;
    const enabled = config.provisioning.aggregate;
    const seen = { enabled, services: most, users: serviceUsers, privileges: seenPrivileges };
    const own = log.part('services');
    const aggregate = new AggregateUnknown({ store, services, users, privileges, log: own }, seen, clock);
    const asking = new AskingService(identityOf, aggregate, audit);
    const rate = new RateLimit(tokenRequestsPerMinute, clock);
    const shared = { store, asking, services, tokens, rate, audit };
    this.canAccess = new CanAccessService({ ...shared, certificates, timeKnown }, clock);
    this.userLoggedIn = new UserLoggedInAt({ ...shared, aggregate, log: own }, clock);
    const user = new AskingUser({ store, asking, tokens, logins: this.userLoggedIn, audit });
    const rights = new UserPrivileges(indexes);
    this.hasPrivilege = new HasPrivilegeIn(user, rights, aggregate, audit);
    this.downloadPrivileges = new DownloadPrivilegesOf(user, rights, audit);
    this.edit = new EditServices(store, users, owners, { services: most, users: serviceUsers }, clock);
    this.list = new ListServices({ ...indexes, tokens: indexes.userTokens }, aggregate);
  }
}

/** The tokens by which services speak of users. */
export function userTokensOf(
  config: Config,
  { store, indexes, timeKnown }: Pick<UserParts, 'store' | 'indexes' | 'timeKnown'>,
  hub: string,
  { clock, random, log }: World,
): UserTokens {
  const { services, userTokens } = indexes;
  const { userTokenDays } = config.provisioning;
  const { userTokensPerService: perService } = config.limits;
  const options = { hub, perService, lifetime: userTokenDays * DAY, timeKnown };
  return new UserTokens(
    { store, services, tokens: userTokens, log: log.part('services') },
    options,
    clock,
    random,
  );
}
