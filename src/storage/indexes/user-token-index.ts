import type { UserTokenRecord } from '../../domain/service.js';
import { type ServiceKey, userTokens } from '../keys.js';
import type { View } from '../store.js';

/** A user token as memory knows it: whose it is, and under which hash it is kept. */
export interface KnownUserToken extends UserTokenRecord {
  /** The identity of the service that got it. */
  readonly service: string;
  /** Hex SHA-256 of the token. */
  readonly hash: string;
}

/** The user tokens in memory, by their hashes and services; the tokens themselves nobody keeps. */
export class UserTokenIndex implements View<ServiceKey, UserTokenRecord> {
  readonly table = userTokens;
  private readonly byHash = new Map<string, KnownUserToken>();
  private readonly byService = new Map<string, Set<string>>();

  changed({ service, name: hash }: ServiceKey, token: UserTokenRecord | undefined): void {
    const hashes = this.byService.get(service) ?? new Set<string>();
    if (token === undefined) {
      this.byHash.delete(hash);
      hashes.delete(hash);
    } else {
      this.byHash.set(hash, { ...token, service, hash });
      hashes.add(hash);
    }
    if (hashes.size === 0) this.byService.delete(service);
    else this.byService.set(service, hashes);
  }

  /** The token with this hash (hex SHA-256). */
  get(hash: string): KnownUserToken | undefined {
    return this.byHash.get(hash);
  }

  /** The tokens of a service. */
  of(service: string): KnownUserToken[] {
    return [...(this.byService.get(service) ?? [])].flatMap((hash) => this.byHash.get(hash) ?? []);
  }

  /** How many tokens a service has. */
  countOf(service: string): number {
    return this.byService.get(service)?.size ?? 0;
  }

  /** How many there are in all. */
  get count(): number {
    return this.byHash.size;
  }
}
