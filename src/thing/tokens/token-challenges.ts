import { rowOf } from '../../dialects/table.js';
import { HubError } from '../../domain/errors.js';
import { type Generation, generations } from '../../domain/generation.js';
import type { TokenChallenge, TokenChallengeAnswer } from '../../domain/token-commands.js';
import type { Log } from '../../system/log.js';
import type { Handler } from '../../xmpp/host.js';
import type { Session } from '../session.js';
import type { OwnTokens } from './own-tokens.js';
import type { TokenTrail } from './token-trail.js';

/** Longest wait for the origin of a token, in milliseconds, and most challenges that wait. */
const ANSWER = 20_000;
const MOST_OPEN = 32;

/** What challenges are answered with. */
export interface TokenChallengesParts {
  readonly session: Session;
  readonly trail: TokenTrail;
  /** Absent for an account without tokens of its own. */
  readonly own: OwnTokens | undefined;
  readonly log: Log;
}

/**
 * Answers those who were sent a token within the last minute, and doubt it: with its own key where the token is its own,
 * else with what the one says who sent the token here. Everybody else hears forbidden [0324 3.1.3, 7.2].
 */
export class TokenChallenges {
  private readonly parts: TokenChallengesParts;
  /** Challenges that are being passed on, so that none goes round in circles. */
  private readonly open = new Set<string>();
  /** Take challenges in all dialects: along a chain each thing may speak another one with its hub. */
  readonly handlers: readonly Handler[];

  constructor(parts: TokenChallengesParts) {
    this.parts = parts;
    this.handlers = generations.map((generation) => this.handler(generation));
  }

  private handler(generation: Generation): Handler {
    const row = rowOf('challenge-token', generation);
    return {
      kind: 'iq',
      types: row.types,
      ns: row.ns,
      name: row.name,
      handle: async (payload, { peer }) => {
        const answer = await this.answer(row.readRequest(payload), peer.jid.full, generation);
        return row.writeAnswer(answer);
      },
    };
  }

  private answer(
    challenge: TokenChallenge,
    challenger: string,
    generation: Generation,
  ): Promise<TokenChallengeAnswer> {
    const { trail, own, log } = this.parts;
    const sent = trail.find(challenge.token, challenger);
    if (sent?.origin !== undefined) return this.passOn(challenge, sent.origin, generation);
    if (sent !== undefined && own?.owns(challenge.token) === true) return own.answer(challenge);
    log.warn('Somebody challenged a token that was not sent to him.', { from: challenger });
    throw new HubError('forbidden', 'This token was not sent to you within the last minute.');
  }

  private async passOn(
    challenge: TokenChallenge,
    origin: string,
    generation: Generation,
  ): Promise<TokenChallengeAnswer> {
    const { session, log } = this.parts;
    const row = rowOf('challenge-token', generation);
    const key = `${challenge.token} ${challenge.challenge}`;
    if (this.open.has(key)) throw new HubError('forbidden', 'This challenge came back to where it was.');
    if (this.open.size >= MOST_OPEN) throw new HubError('too-many-requests');
    this.open.add(key);
    try {
      return row.readAnswer(await session.ask('get', origin, row.writeRequest(challenge), ANSWER));
    } catch (error) {
      log.warn('The origin of a token did not answer for it.', { origin, error: String(error) });
      throw new HubError('forbidden', 'The origin of this token does not answer for it.', { cause: error });
    } finally {
      this.open.delete(key);
    }
  }
}
