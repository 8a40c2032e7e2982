import type { Config } from '../config/schema.js';
import type { AuditRepeats } from '../services/audit-repeats.js';
import type { Courier, Outbox } from '../services/notices.js';
import type { Owners } from '../services/owner/owners.js';
import { RateLimit } from '../services/rate-limit.js';
import { ClaimThing } from '../services/registry/claim.js';
import { ShowClaimCode } from '../services/registry/claim-code.js';
import { ClaimGuard } from '../services/registry/claim-guard.js';
import { DisownThing } from '../services/registry/disown.js';
import { OwnedThings } from '../services/registry/owned-things.js';
import { type AccountCheck, RegisterThing } from '../services/registry/register.js';
import type { ReleaseThing } from '../services/registry/release.js';
import { RemoveThing } from '../services/registry/remove.js';
import { SearchThings } from '../services/registry/search.js';
import { UnregisterThing } from '../services/registry/unregister.js';
import { UpdateThing } from '../services/registry/update.js';
import type { LinkRegistrations } from '../services/trust/link-registrations.js';
import type { ThingIndex } from '../storage/indexes/thing-index.js';
import type { Store } from '../storage/store.js';
import type { World } from '../system/world.js';

/** What the registry stands on. */
export interface RegistryParts {
  readonly store: Store;
  readonly things: ThingIndex;
  readonly owners: Owners;
  readonly courier: Courier;
  readonly outbox: Outbox;
  readonly repeats: AuditRepeats;
  readonly release: ReleaseThing;
  readonly link: LinkRegistrations;
  readonly isGone: AccountCheck;
  /** The address of the hub that claim codes name. */
  readonly hub: string;
}

/** The operations of the registry, joined. */
export class RegistryServices {
  readonly register: RegisterThing;
  readonly claim: ClaimThing;
  readonly claimCode: ShowClaimCode;
  readonly update: UpdateThing;
  readonly remove: RemoveThing;
  readonly disown: DisownThing;
  readonly unregister: UnregisterThing;
  readonly search: SearchThings;

  constructor(config: Config, parts: RegistryParts, { clock }: World) {
    const { store, things, owners, courier, outbox, repeats, release, link, isGone, hub } = parts;
    const { tags, thingsPerAccount, things: all, thingRegistrationsPerMinute, claimMisses } = config.limits;
    const rate = new RateLimit(thingRegistrationsPerMinute, clock);
    const limits = { tagsPerThing: tags, thingsPerAccount, things: all };
    const owned = new OwnedThings(store, owners, repeats);
    const reached = (jid: string) => courier.reaches(jid);
    this.register = new RegisterThing(store, things, rate, limits, release, link, isGone, clock);
    this.claim = new ClaimThing(store, owners, new ClaimGuard(claimMisses, clock), clock);
    this.claimCode = new ShowClaimCode(store, hub, clock);
    this.update = new UpdateThing(store, owned, rate, tags, clock);
    this.remove = new RemoveThing(owned, clock);
    this.disown = new DisownThing(store, owned, outbox, reached, clock);
    this.unregister = new UnregisterThing(store, clock);
    this.search = new SearchThings(things);
  }
}
