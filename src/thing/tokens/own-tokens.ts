import { rowOf } from '../../dialects/table.js';
import type { TokenChallenge, TokenChallengeAnswer } from '../../domain/token-commands.js';
import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import type { Authorities } from '../authorities.js';
import type { Session } from '../session.js';
import type { Authority } from '../trust.js';
import { decryptChallenge } from './decrypt-challenge.js';
import type { TokenKeeper } from './token-keeper.js';

/** A server that gave no token is asked again after so many milliseconds. */
const ASK_AGAIN = 600_000;

/** What getting tokens needs. */
export interface OwnTokensParts {
  readonly session: Session;
  readonly authorities: Authorities;
  readonly keeper: TokenKeeper;
  readonly clock: Clock;
  readonly log: Log;
}

/** The tokens of a thing or service in one session: one from each provisioning server that it trusts [0324 3.1.6]. */
export class OwnTokens {
  private readonly parts: OwnTokensParts;
  private readonly open = new Map<string, Promise<string>>();
  /** When servers gave no token, in the clock's monotonic time. */
  private readonly refused = new Map<string, number>();

  constructor(parts: OwnTokensParts) {
    this.parts = parts;
  }

  /** All tokens; those that are missing are asked for. A server that gives none is passed over. */
  async all(): Promise<readonly string[]> {
    const { authorities, clock, log } = this.parts;
    const tokens = authorities.all.map(async (authority) => {
      const refusedAt = this.refused.get(authority.jid);
      if (refusedAt !== undefined && clock.monotonic() - refusedAt < ASK_AGAIN) return [];
      try {
        return [await this.of(authority)];
      } catch (error) {
        this.refused.set(authority.jid, clock.monotonic());
        log.warn('A provisioning server gave no token.', { server: authority.jid, error: String(error) });
        return [];
      }
    });
    return (await Promise.all(tokens)).flat();
  }

  /** The token of one server; asked for if there is none. Rejects if the server refuses or is silent. */
  of(authority: Authority): Promise<string> {
    const { jid } = authority;
    const known = this.parts.keeper.tokenOf(jid);
    if (known !== undefined) return Promise.resolve(known);
    const open = this.open.get(jid) ?? this.get(authority).finally(() => this.open.delete(jid));
    this.open.set(jid, open);
    return open;
  }

  /** Whether this token stands for the certificate that is here. */
  owns(token: string): boolean {
    return this.parts.keeper.isOwn(token);
  }

  /** Answers a challenge of a token that is our own. Throws bad-request if its certificate is not meant. */
  async answer({ challenge }: TokenChallenge): Promise<TokenChallengeAnswer> {
    const { key } = await this.parts.keeper.own();
    return { response: decryptChallenge(key, challenge) };
  }

  /** Shows the certificate, decrypts what the server makes of it, and gets the token for that [0324 3.1.3]. */
  private async get(authority: Authority): Promise<string> {
    const { session, authorities, keeper } = this.parts;
    const { generation } = authority;
    const { certificate, key } = await keeper.own();
    const ask = rowOf('get-token', generation);
    const answer = rowOf('answer-challenge', generation);
    const to = authorities.addressOf(authority);
    const challenged = await session.ask('get', to, ask.writeRequest({ certificate }));
    const { seqnr, challenge } = ask.readAnswer(challenged);
    const response = decryptChallenge(key, challenge);
    const { token } = answer.readAnswer(
      await session.ask('get', to, answer.writeRequest({ seqnr, response })),
    );
    await keeper.keep(authority.jid, token);
    return token;
  }
}
