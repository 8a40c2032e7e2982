import { createHash } from 'node:crypto';
import { HubError } from '../domain/errors.js';
import type { Jid } from '../domain/jid.js';
import type { Element } from '../xmpp/element.js';
import { serialize } from '../xmpp/serialize.js';
import type { Answers } from './answers.js';
import { friendQuestion, type Question } from './question.js';
import type { Session } from './session.js';
import type { TokenTrail } from './tokens/token-trail.js';
import { TokenTurns } from './tokens/token-turns.js';
import type { Authority } from './trust.js';
import type { Verdict } from './verdict.js';
import type { Whereabouts } from './whereabouts.js';

/** Most questions that wait for an answer at once. */
const MOST_OPEN = 32;

/** Longest wait for an answer, in milliseconds: a server may challenge a token meanwhile. */
const ANSWER = 30_000;

/** What the authorities of a session need. */
export interface AuthoritiesParts {
  readonly session: Session;
  readonly trust: { readonly authorities: readonly Authority[] };
  readonly answers: Answers;
  readonly whereabouts: Whereabouts;
  readonly trail: TokenTrail;
}

/** One server's answer. */
export interface Said {
  readonly authority: Authority;
  readonly verdict: Verdict;
}

/**
 * The provisioning servers that a thing trusts, in one session: asked in parallel, without an order among them, and each
 * exact question once, until a server says that its answers changed [0324 6.2, 6.3].
 */
export class Authorities {
  private readonly parts: AuthoritiesParts;
  private readonly open = new Map<string, Promise<Verdict>>();
  private readonly turns = new TokenTurns();

  constructor(parts: AuthoritiesParts) {
    this.parts = parts;
  }

  /** All of them, the one of the original trust first. */
  get all(): readonly Authority[] {
    return this.parts.trust.authorities;
  }

  /** Whether this bare JID is one of them. */
  has(jid: string): boolean {
    return this.all.some((authority) => authority.jid === jid);
  }

  /**
   * Whether who sends from this address speaks for one of them: an account from any resource, a server component from the
   * very address that is trusted.
   */
  speaks(from: Jid): boolean {
    return this.has(from.local === '' ? from.full : from.bare);
  }

  /** Where an authority is asked: a component at its address, an account where it is present [0324 6.1]. */
  addressOf({ jid }: Authority): string {
    return jid.includes('@') ? (this.parts.whereabouts.of(jid) ?? jid) : jid;
  }

  /**
   * Asks all, on behalf of `origin`, the full JID of who brought the question's tokens. Resolves as soon as an answer is
   * `enough`, else with all answers there are. Rejects where none says yes and one is missing: errors are no answers.
   */
  ask(question: Question, origin: string, enough: (verdict: Verdict) => boolean): Promise<readonly Said[]> {
    return new Promise((resolve, reject) => {
      const said: Said[] = [];
      const errors: unknown[] = [];
      const { all } = this;
      const settle = () => {
        if (said.length + errors.length < all.length) return;
        if (errors.length === 0 || said.some(({ verdict }) => verdict.result)) resolve(said);
        else reject(errors[0]);
      };
      settle();
      for (const authority of all) {
        this.askOne(authority, question, origin)
          .then(
            (verdict) => {
              said.push({ authority, verdict });
              if (enough(verdict)) resolve(said);
            },
            (error: unknown) => errors.push(error),
          )
          .then(settle);
      }
    });
  }

  /** Forgets what was said about a friendship with this bare JID. */
  async forget(jid: string): Promise<void> {
    for (const authority of this.all)
      await this.parts.answers.drop(keyOf(authority, friendQuestion(jid).write(authority.generation)));
  }

  private async askOne(authority: Authority, question: Question, origin: string): Promise<Verdict> {
    const payload = question.write(authority.generation);
    const key = keyOf(authority, payload);
    const known = this.parts.answers.get(key) ?? this.open.get(key);
    if (known !== undefined) return known;
    if (this.open.size >= MOST_OPEN)
      throw new HubError('too-many-requests', 'Too many questions about this thing are open.');
    const asked = this.send(authority, question, payload, key, origin).finally(() => this.open.delete(key));
    this.open.set(key, asked);
    return asked;
  }

  /** An answer that clearCache overtook is good for this once, and not kept. */
  private async send(
    authority: Authority,
    question: Question,
    payload: Element,
    key: string,
    origin: string,
  ): Promise<Verdict> {
    const { session, answers, trail } = this.parts;
    const { age } = answers;
    const to = this.addressOf(authority);
    const answer = await this.turns.take(to, question.tokens, () => {
      trail.mark(question.tokens, to, origin);
      return session.ask('get', to, payload, ANSWER);
    });
    const { jid, ...verdict } = question.read(answer, authority.generation);
    if (jid !== question.jid) throw new Error('a provisioning server answered about somebody else');
    answers.keep(key, verdict, age);
    return verdict;
  }
}

/** The exact question to this server. Its hash says nothing of the tokens in it. */
function keyOf({ jid }: Authority, payload: Element): string {
  return createHash('sha256')
    .update(`${jid} ${serialize(payload, '')}`)
    .digest('base64url');
}
