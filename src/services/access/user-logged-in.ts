import type { Caller } from '../../domain/command.js';
import { serviceLabel } from '../../domain/service.js';
import type { UserLoggedIn } from '../../domain/service-commands.js';
import type { ServiceIndex } from '../../storage/indexes/service-index.js';
import { userTokens } from '../../storage/keys.js';
import type { Store } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import type { AuditRepeats } from '../audit-repeats.js';
import { appendAudit } from '../audit-trail.js';
import type { RateLimit } from '../rate-limit.js';
import { hashToken } from '../tokens/token-text.js';
import type { AggregateUnknown } from './aggregate.js';
import type { AskingService } from './asking-service.js';
import type { UserTokens } from './user-tokens.js';

/** What logins stand on. */
export interface UserLoggedInParts {
  readonly store: Store;
  readonly asking: AskingService;
  readonly services: ServiceIndex;
  readonly tokens: UserTokens;
  readonly aggregate: AggregateUnknown;
  readonly rate: RateLimit;
  readonly audit: AuditRepeats;
  readonly log: Log;
}

/**
 * A service tells by what name a user logged in [0324 3.6.2]: from then on his token stands for him. A token gets a name
 * once, from the service that it was given to. It is a message, so what is wrong with it is only noted in the audit.
 */
export class UserLoggedInAt {
  private readonly parts: UserLoggedInParts;
  private readonly clock: Clock;
  /** Logins under way, by the hash of the token. */
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(parts: UserLoggedInParts, clock: Clock) {
    this.parts = parts;
    this.clock = clock;
  }

  /** Resolves when the name is on the disk, or nothing came of it. Never rejects. */
  async run(command: UserLoggedIn, caller: Caller): Promise<undefined> {
    if (!this.parts.rate.take(caller.jid)) return this.note(caller, 'a service', 'too many logins');
    const hash = hashToken(command.userToken);
    const before = this.underWay.get(hash) ?? Promise.resolve();
    const login = before.then(() => this.logIn(command, hash, caller));
    this.underWay.set(hash, login);
    await login;
    if (this.underWay.get(hash) === login) this.underWay.delete(hash);
    return undefined;
  }

  /** Waits for a login with this token that came before; services ask right after they told of it. */
  async settled(userToken: string): Promise<void> {
    await this.underWay.get(hashToken(userToken));
  }

  private async logIn(command: UserLoggedIn, hash: string, caller: Caller): Promise<void> {
    const { asking, store, services, tokens, aggregate, log } = this.parts;
    try {
      const identity = await asking.run('user-logged-in', command.serviceToken, caller);
      if (identity === undefined || store.damage !== undefined) return;
      const label = serviceLabel(identity, services.get(identity));
      if (tokens.of(command.userToken, identity) === undefined)
        return this.note(caller, label, 'the user token is not valid here');
      const name = command.userName;
      if (await this.bind(identity, hash, name, label, caller)) aggregate.user(identity, name);
      else this.note(caller, label, 'the user token has another name, or just ended');
    } catch (error) {
      log.error('A login at a service was not kept.', { service: caller.jid, error: String(error) });
    }
  }

  /** Whether the token has this name now. */
  private bind(
    service: string,
    hash: string,
    user: string,
    label: string,
    { jid: by }: Caller,
  ): Promise<boolean> {
    const key = { service, name: hash };
    return this.parts.store.transact(async (transaction) => {
      const token = await transaction.get(userTokens, key);
      if (token === undefined || token.user !== undefined) return token?.user === user;
      const at = this.clock.now();
      transaction.put(userTokens, key, { ...token, usedAt: at, user });
      await appendAudit(transaction, {
        at,
        what: 'user-logged-in',
        by,
        about: user,
        outcome: `done (${label})`,
      });
      return true;
    });
  }

  private note(caller: Caller, label: string, why: string): undefined {
    this.parts.audit.note('user-logged-in', caller.jid, label, `ignored (${why})`);
    return undefined;
  }
}
