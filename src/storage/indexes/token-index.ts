import type { TokenRecord } from '../../domain/certificate.js';
import { tokens } from '../keys.js';
import type { View } from '../store.js';

/** The hub's tokens in memory, by their hashes; the tokens themselves nobody keeps. */
export class TokenIndex implements View<string, TokenRecord> {
  readonly table = tokens;
  private readonly byHash = new Map<string, TokenRecord>();
  private readonly byHolder = new Map<string, Set<string>>();

  changed(hash: string, token: TokenRecord | undefined): void {
    const known = this.byHash.get(hash);
    if (known !== undefined) {
      const others = this.byHolder.get(known.by);
      others?.delete(hash);
      if (others?.size === 0) this.byHolder.delete(known.by);
    }
    if (token === undefined) {
      this.byHash.delete(hash);
      return;
    }
    this.byHash.set(hash, token);
    const hashes = this.byHolder.get(token.by) ?? new Set();
    this.byHolder.set(token.by, hashes.add(hash));
  }

  /** The token with this hash (hex SHA-256). */
  get(hash: string): TokenRecord | undefined {
    return this.byHash.get(hash);
  }

  /** Hashes of the tokens of an account (bare JID), the oldest first. */
  of(jid: string): string[] {
    const at = (hash: string) => this.byHash.get(hash)?.issuedAt ?? 0;
    return [...(this.byHolder.get(jid) ?? [])].sort((a, b) => at(a) - at(b));
  }

  /** All tokens, by their hashes. */
  all(): IterableIterator<[string, TokenRecord]> {
    return this.byHash.entries();
  }

  /** How many there are. */
  get count(): number {
    return this.byHash.size;
  }
}
