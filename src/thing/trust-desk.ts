import { provisioningNs } from '../dialects/namespaces.js';
import type { Generation } from '../domain/generation.js';
import type { Log } from '../system/log.js';
import type { Answers } from './answers.js';
import type { Authorities, Said } from './authorities.js';
import type { Delegation } from './delegation.js';
import type { Listeners, ThingEvents } from './events.js';
import { featuresOf, PREFERRED } from './hub-service.js';
import type { Session } from './session.js';
import type { OwnTokens } from './tokens/own-tokens.js';
import type { Authority, Trust } from './trust.js';
import type { Whereabouts } from './whereabouts.js';

/** How long a new friend may take to appear, in milliseconds. */
const APPEAR = 30_000;

/** Where trust is delegated. */
export interface TrustDeskParts {
  readonly session: Session;
  readonly trust: Trust;
  readonly authorities: Authorities;
  readonly answers: Answers;
  readonly delegation: Delegation;
  readonly whereabouts: Whereabouts;
  readonly tokens: OwnTokens | undefined;
  readonly events: Listeners<ThingEvents>;
  readonly log: Log;
}

/**
 * Delegates trust [0324 3.1.1, 3.1.4]: a person at the thing accepts somebody; where he is a provisioning server, that
 * decides from then on, and gives the thing a token.
 */
export class TrustDesk {
  private readonly parts: TrustDeskParts;

  constructor(parts: TrustDeskParts) {
    this.parts = parts;
  }

  /**
   * Whether a person at the thing accepts this bare JID, about which the servers `said` no. Where the thing trusts one
   * already, nobody is asked but with the leave of the first.
   */
  async accepts(jid: string, said: readonly Said[]): Promise<boolean> {
    const { trust, authorities, delegation } = this.parts;
    const [first] = authorities.all;
    const leave = said.find(({ authority }) => authority.jid === first?.jid)?.verdict.secondaryTrust;
    const may = !trust.isFinal && (first === undefined || leave === true);
    return may && delegation.accepts(jid);
  }

  /** Somebody was accepted: as a provisioning server if he is one, else as a friend. */
  async welcome(jid: string): Promise<void> {
    const { trust, answers, tokens, events, log } = this.parts;
    const generation = await this.generationOf(jid);
    if (generation === undefined) return trust.befriend(jid);
    const authority: Authority = { jid, generation };
    await trust.delegate(authority);
    // What others said does not hold for who is trusted now [0324 6.2].
    await answers.clear();
    events.emit('trusted', { jid });
    try {
      await tokens?.of(authority);
    } catch (error) {
      log.warn('The new provisioning server gave no token.', { server: jid, error: String(error) });
    }
  }

  /** In which dialect it provisions; asked at its address and, if it is an account, where it is present. */
  private async generationOf(jid: string): Promise<Generation | undefined> {
    const { session, whereabouts } = this.parts;
    const generation = provisioningIn(await featuresOf(session, jid));
    if (generation !== undefined || !jid.includes('@')) return generation;
    const full = await whereabouts.appearance(jid, APPEAR);
    return full === undefined ? undefined : provisioningIn(await featuresOf(session, full));
  }
}

function provisioningIn(features: ReadonlySet<string> | undefined): Generation | undefined {
  return PREFERRED.find((generation) => features?.has(provisioningNs[generation]));
}
