import type { Jid } from '../domain/jid.js';
import type { World } from '../system/world.js';
import type { Element } from '../xmpp/element.js';
import type { Handler } from '../xmpp/host.js';
import type { Answers } from './answers.js';
import { Authorities } from './authorities.js';
import type { Session } from './client/session.js';
import { Befriending } from './others/befriending.js';
import { type Role, TokenBearer } from './others/behalf.js';
import { Others } from './others/others.js';
import { Reader } from './others/reader.js';
import { Presences } from './presences.js';
import { OwnTokens } from './tokens/own-tokens.js';
import { TokenChallenges } from './tokens/token-challenges.js';
import type { TokenKeeper } from './tokens/token-keeper.js';
import { TokenTrail } from './tokens/token-trail.js';
import type { Authority } from './trust.js';

/** What an account brings into a session beside its login. */
export interface RelationsParts {
  readonly session: Session;
  readonly trust: { readonly authorities: readonly Authority[] };
  readonly answers: Answers;
  /** Absent for an account that has no certificate and makes none. */
  readonly keeper?: TokenKeeper;
  readonly role: Role;
  readonly world: Pick<World, 'clock' | 'log' | 'random'>;
}

/** What an account has to do with others in one session: whom it asks, whom it reads and sets, who answers for tokens. */
export class Relations {
  readonly presences: Presences;
  readonly authorities: Authorities;
  readonly tokens: OwnTokens | undefined;
  readonly others: Others;
  readonly befriending: Befriending;
  /** Take challenges of tokens, and what others send who are being read; none of them is a feature of the account. */
  readonly handlers: readonly Handler[];
  private readonly reader: Reader;

  constructor({ session, trust, answers, keeper, role, world }: RelationsParts) {
    const { clock, log, random } = world;
    const trail = new TokenTrail(clock);
    const presences = new Presences(clock);
    const authorities = new Authorities({ session, trust, answers, presences, trail });
    const tokens = keeper && new OwnTokens({ session, authorities, keeper, clock, log });
    const bearer = new TokenBearer(role, tokens, trail);
    const challenges = new TokenChallenges({ session, trail, own: tokens, log });
    this.reader = new Reader(session, clock, random);
    this.others = new Others({ session, presences, bearer, reader: this.reader });
    this.befriending = new Befriending({ session, presences });
    this.presences = presences;
    this.authorities = authorities;
    this.tokens = tokens;
    this.handlers = [...challenges.handlers, ...this.reader.handlers];
  }

  /** Takes a presence stanza. */
  presence(stanza: Element, from: Jid): void {
    this.presences.take(stanza, from);
    this.befriending.take(stanza, from);
  }

  /** Waits for nobody any more. */
  stop(): void {
    this.reader.stop();
    this.presences.stop();
  }
}
