import type { World } from '../system/world.js';
import type { Handler } from '../xmpp/host.js';
import type { Answers } from './answers.js';
import { Authorities } from './authorities.js';
import { type Role, TokenBearer } from './others/behalf.js';
import { Others } from './others/others.js';
import { Reader } from './others/reader.js';
import type { Session } from './session.js';
import { OwnTokens } from './tokens/own-tokens.js';
import { TokenChallenges } from './tokens/token-challenges.js';
import type { TokenKeeper } from './tokens/token-keeper.js';
import { TokenTrail } from './tokens/token-trail.js';
import type { Authority } from './trust.js';
import type { Whereabouts } from './whereabouts.js';

/** What an account brings into a session beside its login. */
export interface RelationsParts {
  readonly session: Session;
  readonly whereabouts: Whereabouts;
  readonly trust: { readonly authorities: readonly Authority[] };
  readonly answers: Answers;
  /** Absent for an account that has no certificate and makes none. */
  readonly keeper?: TokenKeeper;
  readonly role: Role;
  readonly world: Pick<World, 'clock' | 'log' | 'random'>;
}

/** What an account has to do with others in one session: whom it asks, whom it reads and sets, who answers for tokens. */
export class Relations {
  readonly authorities: Authorities;
  readonly tokens: OwnTokens | undefined;
  readonly others: Others;
  /** Take challenges of tokens, and what others send who are being read; none of them is a feature of the account. */
  readonly handlers: readonly Handler[];
  private readonly reader: Reader;

  constructor({ session, whereabouts, trust, answers, keeper, role, world }: RelationsParts) {
    const { clock, log, random } = world;
    const trail = new TokenTrail(clock);
    const authorities = new Authorities({ session, trust, answers, whereabouts, trail });
    const tokens = keeper && new OwnTokens({ session, authorities, keeper, clock, log });
    const bearer = new TokenBearer(role, tokens, trail);
    const challenges = new TokenChallenges({ session, trail, own: tokens, log });
    this.reader = new Reader(session, clock, random);
    this.others = new Others({ session, whereabouts, bearer, reader: this.reader });
    this.authorities = authorities;
    this.tokens = tokens;
    this.handlers = [...challenges.handlers, ...this.reader.handlers];
  }

  /** Waits for nobody any more. */
  stop(): void {
    this.reader.stop();
  }
}
