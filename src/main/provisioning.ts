import type { Config } from '../config/schema.js';
import type { Services } from '../dialects/bind.js';
import type { HubOperation } from '../domain/command.js';
import { Moment } from '../domain/decision-time.js';
import type { TokenSubject } from '../domain/rule.js';
import type { AuditRepeats } from '../services/audit-repeats.js';
import { DecideQuestion } from '../services/owner/decide.js';
import { ExplainDecision } from '../services/owner/explain.js';
import { FriendStatesOfOwner } from '../services/owner/friend-states.js';
import { DevicesOfOwner } from '../services/owner/owned-devices.js';
import { OwnerRules } from '../services/owner/owner-rules.js';
import type { Owners } from '../services/owner/owners.js';
import { RemoveRule } from '../services/owner/remove-rule.js';
import { RuleBook } from '../services/owner/rule-book.js';
import { SetDevice } from '../services/owner/set-device.js';
import { AccessDecisions } from '../services/provisioning/access-decisions.js';
import { AskOwner } from '../services/provisioning/ask-owner.js';
import { canControlOf, canReadOf } from '../services/provisioning/can-read.js';
import type { Friendships } from '../services/provisioning/friendships.js';
import { Guard } from '../services/provisioning/guard.js';
import { IsFriendOf } from '../services/provisioning/is-friend.js';
import { KnownNames } from '../services/provisioning/known-names.js';
import type { ChallengePort } from '../services/tokens/prove-token.js';
import { hashToken } from '../services/tokens/token-text.js';
import type { Store } from '../storage/store.js';
import type { World } from '../system/world.js';
import type { HubAddresses } from './addresses.js';
import type { Indexes } from './indexes.js';
import { TokenServices } from './token-services.js';
import { UserServices, userTokensOf } from './user-services.js';

/** What provisioning stands on. */
export interface ProvisioningParts {
  readonly store: Store;
  readonly indexes: Indexes;
  readonly owners: Owners;
  readonly friendships: Friendships;
  readonly repeats: AuditRepeats;
  readonly addresses: HubAddresses;
  readonly port: ChallengePort;
  /** Whether the clock can be right. */
  readonly timeKnown: () => boolean;
}

type ProvisioningOperation = Exclude<
  HubOperation,
  'register' | 'claim' | 'update' | 'remove' | 'disown' | 'unregister' | 'search'
>;

/** Provisioning, joined: who may befriend, read and control what, and who may do what in which service. */
export class ProvisioningServices {
  readonly book: RuleBook;
  readonly decide: DecideQuestion;
  readonly removeRule: RemoveRule;
  readonly setDevice: SetDevice;
  readonly guard: Guard;
  readonly explain: ExplainDecision;
  readonly tokens: TokenServices;
  readonly users: UserServices;
  /** The identity behind a token; `undefined` where this hub gave no such token. */
  readonly identityOf: (kind: TokenSubject['kind'], token: string) => string | undefined;
  readonly services: Pick<Services, ProvisioningOperation>;

  constructor(config: Config, parts: ProvisioningParts, world: World) {
    const { store, indexes, owners, friendships, timeKnown } = parts;
    const { clock } = world;
    this.book = new RuleBook(store, indexes.things, owners, friendships, clock);
    this.decide = new DecideQuestion(store, indexes.questions, owners, this.book);
    this.removeRule = new RemoveRule(store, indexes.rules, owners, friendships, clock);
    this.setDevice = new SetDevice(store, this.book, clock);
    const names = new KnownNames((device) => indexes.things.countOf(device) > 0);
    const decisions = decisionsOf(parts, names, world);
    this.explain = new ExplainDecision(friendships, decisions, indexes.rules);
    const userTokens = userTokensOf(config, { store, indexes, timeKnown }, parts.addresses.hub, world);
    const userOf = (token: string) => userTokens.userOf(token);
    const shared = { ...parts, hub: parts.addresses.hub };
    this.tokens = new TokenServices(config, { ...shared, userOf }, world);
    const { identify, reader: certificates } = this.tokens;
    const identityOf: UserServicesIdentity = (token, caller) => identify.identityOf(token, caller);
    this.identityOf = (kind, token) =>
      kind === 'user' ? userOf(token) : indexes.tokens.get(hashToken(token))?.fingerprint;
    this.users = new UserServices(config, { ...shared, certificates, identityOf }, userTokens, world);
    const ask = askOwner(config, parts, world);
    this.guard = guardOf(config, parts, ask, world);
    this.services = {
      ...this.deviceServices(config, parts, { ask, decisions, names }, world),
      ...this.tokenServices(),
      ...this.ownerServices(parts, world),
    };
  }

  private deviceServices(
    config: Config,
    { store, indexes, friendships, repeats: audit }: ProvisioningParts,
    { ask, decisions, names }: { ask: AskOwner; decisions: AccessDecisions; names: KnownNames },
    { log: all }: World,
  ): Pick<Services, 'is-friend' | 'can-read' | 'can-control'> {
    const log = all.part('hub');
    const { settings } = indexes;
    const secondaryTrust = (thing: string) =>
      settings.get(thing).secondaryTrust ?? config.provisioning.secondaryTrust;
    const isFriend = new IsFriendOf(store, friendships, ask, audit, secondaryTrust, log);
    const shared = { store, identifier: this.tokens.identify, ask, audit, names, log };
    const canRead = canReadOf(decisions, shared);
    const canControl = canControlOf(decisions, shared);
    return {
      'is-friend': (command, caller) => isFriend.run(command, caller),
      'can-read': (command, caller) => canRead.run(command, caller),
      'can-control': (command, caller) => canControl.run(command, caller),
    };
  }

  private tokenServices(): Pick<
    Services,
    | 'get-token'
    | 'answer-challenge'
    | 'get-certificate'
    | 'can-access'
    | 'user-logged-in'
    | 'has-privilege'
    | 'download-privileges'
  > {
    const { getToken, answerChallenge, getCertificate } = this.tokens;
    const { canAccess, userLoggedIn, hasPrivilege, downloadPrivileges } = this.users;
    return {
      'get-token': (command, caller) => getToken.run(command, caller),
      'answer-challenge': (command, caller) => answerChallenge.run(command, caller),
      'get-certificate': (command, caller) => getCertificate.run(command, caller),
      'can-access': (command, caller) => canAccess.run(command, caller),
      'user-logged-in': (command, caller) => userLoggedIn.run(command, caller),
      'has-privilege': (command, caller) => hasPrivilege.run(command, caller),
      'download-privileges': (command, caller) => downloadPrivileges.run(command, caller),
    };
  }

  private ownerServices(
    { store, indexes, owners, friendships }: ProvisioningParts,
    { clock }: World,
  ): Pick<
    Services,
    | 'friend-rule'
    | 'read-rule'
    | 'control-rule'
    | 'clear-device-cache'
    | 'delete-rules'
    | 'list-devices'
    | 'pending-friends'
    | 'friend-states'
  > {
    const answers = new OwnerRules(indexes.questions, this.decide, this.identityOf);
    const devices = new DevicesOfOwner(store, indexes.things, friendships, clock);
    const friends = new FriendStatesOfOwner(store, indexes, owners, this.book);
    return {
      'friend-rule': (command, caller) => answers.friend(command, caller),
      'read-rule': (command, caller) => answers.read(command, caller),
      'control-rule': (command, caller) => answers.control(command, caller),
      'clear-device-cache': (command, caller) => devices.clearCache(command, caller),
      'delete-rules': (command, caller) => devices.deleteRules(command, caller),
      'list-devices': (command, caller) => devices.list(command, caller),
      'pending-friends': (_command, caller) => friends.pending(caller),
      'friend-states': (command, caller) => friends.update(command, caller),
    };
  }
}

type UserServicesIdentity = ConstructorParameters<typeof UserServices>[1]['identityOf'];

function decisionsOf(
  { indexes, addresses, owners, timeKnown }: ProvisioningParts,
  names: KnownNames,
  { clock }: World,
): AccessDecisions {
  const grounds = {
    isHub: (jid: string) => addresses.isHub(jid),
    actsFor: (decider: string, owner: string) => owners.actsFor(decider, owner),
    knownNames: (device: string, kind: 'read' | 'control') => names.of(device, kind),
    timeKnown,
  };
  return new AccessDecisions(indexes.rules, indexes.things, grounds, clock);
}

function askOwner(
  config: Config,
  { store, indexes, owners, repeats, timeKnown }: ProvisioningParts,
  { clock, random }: World,
): AskOwner {
  const { questionsPerThing } = config.limits;
  const moment = () => new Moment(clock.now(), timeKnown());
  return new AskOwner(store, indexes, owners, repeats, questionsPerThing, clock, random, moment);
}

function guardOf(
  config: Config,
  { store, indexes, friendships, repeats: audit }: ProvisioningParts,
  ask: AskOwner,
  { log }: World,
): Guard {
  const { things, settings } = indexes;
  const parts = { store, things, settings, friendships, ask, audit, log: log.part('guard') };
  return new Guard(parts, config.provisioning.guard);
}
