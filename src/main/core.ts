import type { Config } from '../config/schema.js';
import type { Services } from '../dialects/bind.js';
import { AuditRepeats } from '../services/audit-repeats.js';
import { NoticeTruth } from '../services/notice-truth.js';
import { type Courier, Outbox } from '../services/notices.js';
import { DecideQuestion } from '../services/owner/decide.js';
import type { Owners } from '../services/owner/owners.js';
import { RemoveRule } from '../services/owner/remove-rule.js';
import { AskOwner } from '../services/provisioning/ask-owner.js';
import { Friendships } from '../services/provisioning/friendships.js';
import { IsFriendOf } from '../services/provisioning/is-friend.js';
import type { AccountCheck } from '../services/registry/register.js';
import { ReleaseThing } from '../services/registry/release.js';
import { AuditTail } from '../storage/indexes/audit-tail.js';
import { QuestionIndex } from '../storage/indexes/question-index.js';
import { RuleIndex } from '../storage/indexes/rule-index.js';
import { ThingIndex } from '../storage/indexes/thing-index.js';
import type { Store } from '../storage/store.js';
import type { World } from '../system/world.js';
import type { HubAddresses } from './addresses.js';
import { RegistryServices } from './registry.js';

/** What the services stand on: the records in memory as the store tells of them. */
export class Indexes {
  readonly things = new ThingIndex();
  readonly rules = new RuleIndex();
  readonly questions = new QuestionIndex();
  readonly audit = new AuditTail();

  /** Follows the store; before it starts. */
  follow(store: Store): void {
    store.follow(this.things);
    store.follow(this.rules);
    store.follow(this.questions);
    store.follow(this.audit);
  }

  /** Whether anything in the records goes by this bare JID: then no stranger may get the name. */
  concern(jid: string): boolean {
    if (this.things.countOf(jid) > 0) return true;
    if (this.things.isOwner(jid)) return true;
    for (const rule of this.rules.all()) {
      if (rule.by === jid || (rule.subject.kind === 'jid' && rule.subject.jid === jid)) return true;
    }
    return false;
  }
}

/** What the core needs of the rest of the hub. */
export interface CoreParts {
  readonly store: Store;
  readonly indexes: Indexes;
  readonly owners: Owners;
  readonly courier: Courier;
  readonly addresses: HubAddresses;
  readonly isGone: AccountCheck;
  /** Bare JIDs in the roster of a thing (bare JID), where the hub keeps it. */
  readonly contactsOf: (jid: string) => readonly string[];
}

/** Registry, provisioning and outbox, joined: the hub without any edge. */
export class Core {
  readonly services: Services;
  readonly registry: RegistryServices;
  readonly decide: DecideQuestion;
  readonly removeRule: RemoveRule;
  readonly outbox: Outbox;
  private readonly repeats: AuditRepeats;

  constructor(config: Config, parts: CoreParts, world: World) {
    const { store, indexes, owners, courier, addresses, isGone } = parts;
    const { clock, random, log } = world;
    const { things } = indexes;
    const friendships = friendshipsOf(parts);
    const release = new ReleaseThing(clock, random);
    const truth = new NoticeTruth(things, friendships, release);
    this.outbox = new Outbox(store, courier, truth, clock, log.part('outbox'));
    store.follow(this.outbox);
    this.repeats = new AuditRepeats(store, clock, log.part('audit'));
    const { outbox, repeats } = this;
    const { hub } = addresses;
    const shared = { store, things, owners, courier, outbox, repeats, release, isGone, hub };
    this.registry = new RegistryServices(config, shared, world);
    this.decide = new DecideQuestion(store, indexes.questions, owners, friendships, clock);
    this.removeRule = new RemoveRule(store, indexes.rules, owners, friendships, clock);
    this.services = this.join(this.isFriend(config, parts, friendships, world));
  }

  /** Begins to deliver notices; once the edges are open. */
  start(): void {
    this.outbox.start();
  }

  /** Ends deliveries and writes what is only counted; before the store stops. */
  stop(): void {
    this.outbox.stop();
    this.repeats.stop();
  }

  private join(isFriend: IsFriendOf): Services {
    const { register, claim, update, remove, disown, unregister, search } = this.registry;
    return {
      register: (command, caller) => register.run(command, caller),
      claim: (command, caller) => claim.run(command, caller),
      update: (command, caller) => update.run(command, caller),
      remove: (command, caller) => remove.run(command, caller),
      disown: (command, caller) => disown.run(command, caller),
      unregister: (command, caller) => unregister.run(command, caller),
      search: (command) => search.run(command),
      'is-friend': (command, caller) => isFriend.run(command, caller),
    };
  }

  private isFriend(config: Config, parts: CoreParts, friendships: Friendships, world: World): IsFriendOf {
    const { store, indexes, owners } = parts;
    const { questionsPerThing } = config.limits;
    const ask = new AskOwner(store, indexes, owners, this.repeats, questionsPerThing, world.clock);
    const { secondaryTrust } = config.provisioning;
    return new IsFriendOf(store, friendships, ask, this.repeats, secondaryTrust, world.log.part('hub'));
  }
}

function friendshipsOf({ indexes, addresses, contactsOf }: CoreParts): Friendships {
  return new Friendships(indexes.things, indexes.rules, { isHub: (jid) => addresses.isHub(jid), contactsOf });
}
