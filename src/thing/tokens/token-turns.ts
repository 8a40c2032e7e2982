/**
 * One question at a time about each token to each server: a challenge that comes meanwhile is then about him who brought the
 * token with that question, and not about another who brought it a moment later.
 */
export class TokenTurns {
  private readonly last = new Map<string, Promise<void>>();

  /** Runs once all that came before with one of these tokens is over. */
  async take<Result>(to: string, tokens: readonly string[], run: () => Promise<Result>): Promise<Result> {
    const keys = tokens.map((token) => `${to} ${token}`);
    const before = keys.map((key) => this.last.get(key));
    const result = Promise.all(before).then(run);
    const over = result.then(
      () => undefined,
      () => undefined,
    );
    for (const key of keys) this.last.set(key, over);
    try {
      return await result;
    } finally {
      for (const key of keys) if (this.last.get(key) === over) this.last.delete(key);
    }
  }
}
