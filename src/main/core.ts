import type { Config } from '../config/schema.js';
import type { Services } from '../dialects/bind.js';
import { Moment } from '../domain/decision-time.js';
import { AuditRepeats } from '../services/audit-repeats.js';
import { KnownTime } from '../services/known-time.js';
import { NoticeTruth } from '../services/notice-truth.js';
import { type Courier, Outbox } from '../services/notices.js';
import type { Owners } from '../services/owner/owners.js';
import { Friendships } from '../services/provisioning/friendships.js';
import { WatchRules } from '../services/provisioning/watch-rules.js';
import type { AccountCheck } from '../services/registry/register.js';
import { ReleaseThing } from '../services/registry/release.js';
import type { ChallengePort } from '../services/tokens/prove-token.js';
import type { Store } from '../storage/store.js';
import type { World } from '../system/world.js';
import type { HubAddresses } from './addresses.js';
import { attended } from './attended.js';
import type { Indexes } from './indexes.js';
import { LinkServices } from './link-services.js';
import { ProvisioningServices } from './provisioning.js';
import { RegistryServices } from './registry.js';

/** What the core needs of the rest of the hub. */
export interface CoreParts {
  readonly store: Store;
  readonly indexes: Indexes;
  readonly owners: Owners;
  readonly courier: Courier;
  readonly addresses: HubAddresses;
  /** How token challenges reach devices. */
  readonly port: ChallengePort;
  readonly isGone: AccountCheck;
  /** Bare JIDs in the roster of a thing (bare JID), where the hub keeps it. */
  readonly contactsOf: (jid: string) => readonly string[];
}

/** Registry, provisioning and outbox, joined: the hub without any edge. */
export class Core {
  readonly services: Services;
  readonly registry: RegistryServices;
  readonly provisioning: ProvisioningServices;
  readonly outbox: Outbox;
  readonly friendships: Friendships;
  readonly link: LinkServices;
  /** Now, for rules that hold at times only. */
  readonly moment: () => Moment;
  /** Milliseconds since 1970; `undefined` where the clock cannot be right. */
  readonly time: () => number | undefined;
  private readonly repeats: AuditRepeats;
  private readonly ruleTimes: WatchRules;

  constructor(config: Config, parts: CoreParts, world: World) {
    const { store, indexes, owners, courier, addresses, port, isGone } = parts;
    const { clock, random, log } = world;
    const { things } = indexes;
    const time = new KnownTime(clock, () => indexes.audit.last(1)[0]?.at);
    const moment = () => new Moment(clock.now(), time.isKnown());
    this.moment = moment;
    this.time = () => (time.isKnown() ? clock.now() : undefined);
    const friendships = friendshipsOf(parts, moment);
    this.friendships = friendships;
    const release = new ReleaseThing(friendships, clock, random);
    const truth = new NoticeTruth(things, friendships, release);
    this.outbox = new Outbox(store, courier, truth, clock, log.part('outbox'));
    store.follow(this.outbox);
    this.repeats = new AuditRepeats(store, clock, log.part('audit'));
    const { outbox, repeats } = this;
    const { hub } = addresses;
    this.link = new LinkServices(config, { store, indexes, owners, courier, addresses, repeats }, world);
    const link = this.link.registrations;
    const shared = { store, things, owners, courier, outbox, repeats, release, link, isGone, hub };
    this.registry = new RegistryServices(config, shared, world);
    const timeKnown = () => time.isKnown();
    const decided = { store, indexes, owners, friendships, repeats, addresses, port, timeKnown };
    this.provisioning = new ProvisioningServices(config, decided, world);
    this.ruleTimes = new WatchRules(store, friendships, moment, clock, log.part('rules'));
    store.follow(this.ruleTimes);
    const services = { ...this.provisioning.services, ...this.join() };
    this.services = attended(services, (operation, caller) => this.link.trust.enter(operation, caller));
  }

  /** Begins to deliver notices; once the edges are open. */
  start(): void {
    this.outbox.start();
    this.provisioning.tokens.expiry.start();
    this.ruleTimes.start();
  }

  /** Ends deliveries and writes what is only counted; before the store stops. */
  stop(): void {
    this.ruleTimes.stop();
    this.provisioning.tokens.expiry.stop();
    this.outbox.stop();
    this.repeats.stop();
  }

  private join(): Pick<
    Services,
    'register' | 'claim' | 'update' | 'remove' | 'disown' | 'unregister' | 'search'
  > {
    const { register, claim, update, remove, disown, unregister, search } = this.registry;
    return {
      register: (command, caller) => register.run(command, caller),
      claim: (command, caller) => claim.run(command, caller),
      update: (command, caller) => update.run(command, caller),
      remove: (command, caller) => remove.run(command, caller),
      disown: (command, caller) => disown.run(command, caller),
      unregister: (command, caller) => unregister.run(command, caller),
      search: (command) => search.run(command),
    };
  }
}

function friendshipsOf({ indexes, addresses, contactsOf }: CoreParts, moment: () => Moment): Friendships {
  const isHub = (jid: string) => addresses.isHub(jid);
  return new Friendships(indexes.things, indexes.rules, { isHub, contactsOf, moment });
}
