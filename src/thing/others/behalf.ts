import type { Tokens } from '../../domain/access.js';
import type { Requester } from '../requester.js';
import type { OwnTokens } from '../tokens/own-tokens.js';
import type { TokenTrail } from '../tokens/token-trail.js';

/** On whose behalf others are asked. */
export interface Behalf {
  /** Whose request this serves, as the field or parameter got it: his tokens go along [0324 3.1.3]. */
  readonly requester?: Requester;
  /** Tokens of users or services that the program has itself. */
  readonly tokens?: Partial<Tokens>;
}

/** Who asks: a thing brings device tokens, a service service tokens [0324 6.6]. */
export type Role = 'device' | 'service';

/** Puts together the tokens of a request, and remembers who answers for them. `own` is absent for who has none. */
export class TokenBearer {
  private readonly role: Role;
  private readonly own: OwnTokens | undefined;
  private readonly trail: TokenTrail;

  constructor(role: Role, own: OwnTokens | undefined, trail: TokenTrail) {
    this.role = role;
    this.own = own;
    this.trail = trail;
  }

  /** The tokens of a request that goes to this full JID now. */
  async tokensFor(to: string, { requester, tokens = {} }: Behalf): Promise<Tokens> {
    const own = (await this.own?.all()) ?? [];
    const passed = requester?.tokens;
    const of = (kind: keyof Tokens): readonly string[] => [
      ...new Set([...(passed?.[kind] ?? []), ...(tokens[kind] ?? []), ...(kind === this.role ? own : [])]),
    ];
    const all: Tokens = { service: of('service'), device: of('device'), user: of('user') };
    // Where one is passed on that is our own too, it is ours: we can answer for it.
    const others = passed === undefined ? [] : [...passed.service, ...passed.device, ...passed.user];
    this.trail.mark(others, to, requester?.jid);
    this.trail.mark(own, to, undefined);
    return all;
  }
}
