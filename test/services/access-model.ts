import fc from 'fast-check';
import { type CanRead, type Category, categories, type Identities } from '../../src/domain/access.js';
import type { NodePart } from '../../src/domain/command.js';
import { deviceAddress, type NodeAddress, sameAddress } from '../../src/domain/node-address.js';
import type { Rule, Subject } from '../../src/domain/rule.js';
import { isAbout } from '../../src/domain/rule-scope.js';
import type { Thing } from '../../src/domain/thing.js';
import { AccessDecisions, type AccessGrounds } from '../../src/services/provisioning/access-decisions.js';
import { RuleIndex } from '../../src/storage/indexes/rule-index.js';
import { ThingIndex } from '../../src/storage/indexes/thing-index.js';
import { ManualClock } from '../world/manual-clock.js';

export const DEVICE = 'plc@pronto.local';
export const CALLER = 'bob@pronto.local';
export const ANNA = 'anna@pronto.local';
export const CARL = 'carl@pronto.local';
export const HUB = 'hub.pronto.local';

/** A name that nobody mentions: what holds for it holds for every name. */
export const FRESH = 'nobody mentions this';

/** A node that nobody registered or mentions. */
export const PHANTOM: NodePart = { nodeId: 'phantom', sourceId: 'nowhere', cacheType: '' };

/** Noon in the machine's own time. */
export const NOON = new Date(2026, 5, 1, 12, 0).getTime();

export const node = (nodeId: string, sourceId = '', cacheType = ''): NodePart => ({
  nodeId,
  sourceId,
  cacheType,
});

export const at = (part: NodePart): NodeAddress => ({ jid: DEVICE, ...part });

/** One device with nodes and rules. */
export interface Scene {
  readonly nodes: readonly { readonly part: NodePart; readonly owner: string | undefined }[];
  readonly rules: readonly Rule[];
  readonly known: readonly string[];
  readonly timeKnown: boolean;
}

export function thing(part: NodePart, owner: string | undefined): Thing {
  return {
    ...at(part),
    tags: [],
    public: true,
    generation: 'nf',
    hub: HUB,
    claimHash: '',
    registeredAt: 0,
    ...(owner === undefined ? {} : { owner }),
  };
}

/** Decisions on the indexes as a store would feed them. */
export function decisionsOn({ nodes, rules, known, timeKnown }: Scene, grounds: Partial<AccessGrounds> = {}) {
  const things = new ThingIndex();
  for (const { part, owner } of nodes) things.changed(at(part), thing(part, owner));
  const index = new RuleIndex();
  for (const rule of rules) index.changed(rule, rule);
  const clock = new ManualClock(NOON);
  const all: AccessGrounds = {
    isHub: (jid) => jid === HUB,
    actsFor: (decider, owner) => decider === owner,
    knownNames: () => known,
    timeKnown: () => timeKnown,
    ...grounds,
  };
  return { decisions: new AccessDecisions(index, things, all, clock), things, rules: index, clock };
}

/** What the answer could be about: a node, a name and a category. */
export interface Triple {
  readonly part: NodePart;
  readonly name: string;
  readonly category: Category;
}

/** The subjects that decide together for a caller: his address, then each token for itself. */
export function authoritiesOf(who: Identities): ((subject: Subject) => boolean)[] {
  const tokens = (['service', 'device', 'user'] as const).flatMap((kind) =>
    who[kind].map((identity) => (subject: Subject) => subject.kind === kind && subject.identity === identity),
  );
  const address = (subject: Subject) =>
    subject.kind === 'all' ||
    (subject.kind === 'jid' && subject.jid === who.jid) ||
    (subject.kind === 'domain' && subject.domain === who.jid.split('@')[1]);
  return [address, ...tokens];
}

/** Whether an authority grants a triple: the rules, one after the other, in the plainest way. */
export function grants(
  { nodes, rules, timeKnown }: Scene,
  covers: (subject: Subject) => boolean,
  who: Identities,
  { part, name, category }: Triple,
): boolean {
  const ownerOf = (one: NodePart) => nodes.find((known) => sameAddress(at(known.part), at(one)))?.owner;
  const owner = ownerOf(part) ?? ownerOf(deviceAddress(DEVICE));
  if (owner === who.jid && covers({ kind: 'jid', jid: who.jid })) return true;
  const applying = rules.filter(
    (rule) =>
      covers(rule.subject) &&
      isAbout(rule.thing, at(part)) &&
      (owner === undefined || owner === rule.by) &&
      (rule.names?.includes(name) ?? true) &&
      (rule.categories?.includes(category) ?? true) &&
      inTime(rule, timeKnown),
  );
  return applying.some(({ allow }) => allow) && applying.every(({ allow }) => allow);
}

function inTime({ allow, until, daily }: Rule, known: boolean): boolean {
  if (until !== undefined && until <= NOON) return false;
  if (until === undefined && daily === undefined) return true;
  if (!known) return !allow;
  if (daily === undefined) return true;
  const noon = 12 * 60;
  const night = daily.from > daily.to;
  return night ? noon >= daily.from || noon < daily.to : noon >= daily.from && noon < daily.to;
}

/** The registered nodes, and others, that a part of a request or an answer means. */
export function meaning({ nodes }: Scene, part: NodePart): NodePart[] {
  if (part.sourceId !== '' || part.cacheType !== '' || part.nodeId === '') return [part];
  const registered = nodes.map((known) => known.part).filter(({ nodeId }) => nodeId === part.nodeId);
  return registered.length > 0 ? registered : [part];
}

/** All nodes that a request means. */
export function nodesMeant(scene: Scene, parts: readonly NodePart[]): NodePart[] {
  const device = node('');
  const all =
    parts.length === 0
      ? [device, ...scene.nodes.map(({ part }) => part)]
      : parts.flatMap((part) => meaning(scene, part));
  return all.filter((part, place) => all.findIndex((other) => sameAddress(at(other), at(part))) === place);
}

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const someOf = <T>(values: readonly T[]) => fc.subarray([...values]);
const maybe = <T>(of: fc.Arbitrary<T>, weight = 1) =>
  fc.oneof({ weight, arbitrary: of }, { weight: 1, arbitrary: fc.constant(undefined) });

const PARTS = [node('a'), node('a', 's'), node('b', 's'), node('c'), node('d', 's', 't')];
export const NAMES = ['x', 'y', 'z', '__proto__', 'constructor'];
const CATEGORIES = categories.slice(0, 3);

const subject: fc.Arbitrary<Subject> = pick<Subject>([
  { kind: 'jid', jid: CALLER },
  { kind: 'jid', jid: CALLER },
  { kind: 'jid', jid: 'eve@pronto.local' },
  { kind: 'domain', domain: 'pronto.local' },
  { kind: 'all' },
  { kind: 'service', identity: 'f1' },
  { kind: 'service', identity: 'f2' },
  { kind: 'device', identity: 'f1' },
  { kind: 'user', identity: 'f1/joe' },
]);

const rule = fc
  .record({
    thing: pick([deviceAddress(DEVICE), deviceAddress(DEVICE), ...PARTS.map(at), at(node('e'))]),
    subject,
    allow: fc.oneof(
      { weight: 3, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    names: maybe(someOf(NAMES), 2),
    categories: maybe(someOf(CATEGORIES)),
    until: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: pick([NOON, NOON + 1]) },
    ),
    daily: fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: pick([
          { from: 700, to: 720 },
          { from: 720, to: 721 },
          { from: 1320, to: 721 },
          { from: 9, to: 9 },
        ]),
      },
    ),
    by: pick([ANNA, ANNA, ANNA, CARL]),
  })
  .map((parts) => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)));

/** Scenes with a device, some nodes of two owners or of nobody, and rules of all kinds. */
export const scenes: fc.Arbitrary<Scene> = fc
  .record({
    device: pick([ANNA, ANNA, undefined, CARL, CALLER, 'absent']),
    owners: fc.array(pick([ANNA, ANNA, undefined, CARL, CALLER, 'absent']), { minLength: 5, maxLength: 5 }),
    rules: fc.array(rule, { maxLength: 8 }),
    known: someOf([...NAMES, 'v']),
    timeKnown: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(({ device, owners, rules, known, timeKnown }) => ({
    nodes: [node(''), ...PARTS]
      .map((part, place) => ({ part, owner: place === 0 ? device : owners[place - 1] }))
      .filter(({ owner }) => owner !== 'absent'),
    rules: rules.map(
      (one, place) => ({ ...one, id: String(place + 1), kind: 'read', createdAt: place }) as Rule,
    ),
    known,
    timeKnown,
  }));

/** Requests that name registered, ambiguous and unknown nodes, or none. */
export const requests: fc.Arbitrary<CanRead> = fc
  .record({
    categories: someOf(CATEGORIES),
    nodes: fc.oneof(someOf([...PARTS, node('b'), node('e'), node('e', 's'), node('')]), fc.constant([])),
    fields: fc.oneof(fc.shuffledSubarray([...NAMES, 'w']), fc.constant([])),
  })
  .map((asked) => ({ ...asked, jid: CALLER, tokens: { service: [], device: [], user: [] } }));

/** Callers with any tokens. */
export const callers: fc.Arbitrary<Identities> = fc.record({
  jid: fc.constant(CALLER),
  service: someOf(['f1', 'f2', 'f3']),
  device: someOf(['f1']),
  user: someOf(['f1/joe']),
});
