import type { Service } from '../../domain/service.js';
import type { ServiceIndex } from '../../storage/indexes/service-index.js';
import type { KnownUserToken, UserTokenIndex } from '../../storage/indexes/user-token-index.js';
import { type ServiceKey, userTokens } from '../../storage/keys.js';
import type { Store, Transaction } from '../../storage/store.js';
import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import type { Random } from '../../system/random.js';
import { hashToken, newToken } from '../tokens/token-text.js';

/** What user tokens stand on. */
export interface UserTokenParts {
  readonly store: Store;
  readonly services: ServiceIndex;
  readonly tokens: UserTokenIndex;
  readonly log: Log;
}

/** How many there are, and for how long. */
export interface UserTokenOptions {
  /** The address that tokens name. */
  readonly hub: string;
  /** The most that one service has; the one that was not of use for the longest time makes room for another. */
  readonly perService: number;
  /** How long one that is of no use stays, in milliseconds. */
  readonly lifetime: number;
  /** Whether the clock can be right: while it is not, no token ends by its age. */
  readonly timeKnown: () => boolean;
}

/** On what grounds access was granted. */
export interface Grant {
  /** Bare JID by which the service asked. */
  readonly by: string;
  readonly credentials: string;
  readonly rule: string;
}

/** A use is written where the last one is older than this part of the lifetime. */
const USES = 30;

/** The tokens by which services and hub speak of users [0324 3.6.2, 6.6]. */
export class UserTokens {
  private readonly parts: UserTokenParts;
  private readonly options: UserTokenOptions;
  private readonly clock: Clock;
  private readonly random: Random;
  /** Hashes of tokens whose use is on its way to the disk. */
  private readonly touching = new Set<string>();

  constructor(parts: UserTokenParts, options: UserTokenOptions, clock: Clock, random: Random) {
    this.parts = parts;
    this.options = options;
    this.clock = clock;
    this.random = random;
  }

  /** Makes a token within a transaction; nobody but the service that gets it ever sees it. */
  issue(transaction: Transaction, { identity, epoch }: Service, grant: Grant): string {
    this.makeRoom(transaction, identity);
    const token = newToken(this.options.hub, this.random);
    const now = this.clock.now();
    transaction.put(
      userTokens,
      { service: identity, name: hashToken(token) },
      { ...grant, epoch, grantedAt: now, usedAt: now },
    );
    return token;
  }

  /** The token, where this service got it and it still holds; that counts as a use. */
  of(token: string, service: string): KnownUserToken | undefined {
    const known = this.known(token);
    return known?.service === service ? known : undefined;
  }

  /** The user behind a token, as `SERVICE-FINGERPRINT/NAME`; `undefined` until he logged in. */
  userOf(token: string): string | undefined {
    const known = this.known(token);
    return known?.user === undefined ? undefined : `${known.service}/${known.user}`;
  }

  private known(text: string): KnownUserToken | undefined {
    const token = this.parts.tokens.get(hashToken(text));
    if (token === undefined || !this.holds(token)) return undefined;
    this.touch(token);
    return token;
  }

  private holds({ service, epoch, usedAt }: KnownUserToken): boolean {
    if (this.parts.services.get(service)?.epoch !== epoch) return false;
    return !this.options.timeKnown() || this.clock.now() - usedAt <= this.options.lifetime;
  }

  /** Takes out what does not hold any more; then the oldest, those first whose users never logged in. */
  private makeRoom(transaction: Transaction, service: string): void {
    if (this.parts.tokens.countOf(service) < this.options.perService) return;
    const all = this.parts.tokens.of(service);
    const holding = all.filter((token) => this.holds(token)).sort(byValue);
    const many = holding.length - this.options.perService + 1;
    const gone = new Set([
      ...all.filter((token) => !this.holds(token)),
      ...holding.slice(0, Math.max(many, 0)),
    ]);
    for (const { hash } of gone) transaction.delete(userTokens, { service, name: hash });
  }

  private touch({ service, hash, usedAt }: KnownUserToken): void {
    const now = this.clock.now();
    // A use may have been written with a clock that was ahead.
    const due = Math.abs(now - usedAt) >= this.options.lifetime / USES && this.options.timeKnown();
    if (!due || this.touching.has(hash) || this.parts.store.damage !== undefined) return;
    this.touching.add(hash);
    void this.write({ service, name: hash }, now).finally(() => this.touching.delete(hash));
  }

  /** Never rejects: a use that is not kept costs a token its last days at most. */
  private async write(key: ServiceKey, usedAt: number): Promise<void> {
    try {
      await this.parts.store.transact(async (transaction) => {
        const token = await transaction.get(userTokens, key);
        if (token !== undefined) transaction.put(userTokens, key, { ...token, usedAt });
      });
    } catch (error) {
      this.parts.log.warn('The use of a user token was not kept.', { error: String(error) });
    }
  }
}

/** Those that can go first come first. */
function byValue(a: KnownUserToken, b: KnownUserToken): number {
  const named = Number(a.user !== undefined) - Number(b.user !== undefined);
  return named || a.usedAt - b.usedAt || a.grantedAt - b.grantedAt;
}
