import type { Caller } from '../../domain/command.js';
import type { KnownUserToken } from '../../storage/indexes/user-token-index.js';
import type { Store } from '../../storage/store.js';
import type { AuditRepeats } from '../audit-repeats.js';
import type { AskingService } from './asking-service.js';
import type { UserLoggedInAt } from './user-logged-in.js';
import type { UserTokens } from './user-tokens.js';

/** What finds users by their tokens. */
export interface AskingUserParts {
  readonly store: Store;
  readonly asking: AskingService;
  readonly tokens: UserTokens;
  readonly logins: Pick<UserLoggedInAt, 'settled'>;
  readonly audit: AuditRepeats;
}

/** Of which user a service speaks [0324 3.7]. Without a valid token of both there is none, who has no privilege. */
export class AskingUser {
  private readonly parts: AskingUserParts;

  constructor(parts: AskingUserParts) {
    this.parts = parts;
  }

  /** The user's token as the hub knows it; `undefined` also in safe mode. `what` names the operation to the audit. */
  async run(
    what: string,
    { serviceToken, userToken }: { readonly serviceToken: string; readonly userToken: string },
    caller: Caller,
  ): Promise<KnownUserToken | undefined> {
    const { store, asking, tokens, logins, audit } = this.parts;
    // Before anything else is waited for: what the service said earlier holds for what it asks now.
    const earlier = logins.settled(userToken);
    const [service] = await Promise.all([asking.run(what, serviceToken, caller), earlier]);
    if (service === undefined || store.damage !== undefined) return undefined;
    const token = tokens.of(userToken, service);
    if (token === undefined) audit.note(what, caller.jid, 'a user', 'no (the user token is not valid here)');
    return token;
  }
}
