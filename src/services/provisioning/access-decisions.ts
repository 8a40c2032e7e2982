import type {
  CanControl,
  CanControlAnswer,
  CanRead,
  CanReadAnswer,
  Category,
  Identities,
} from '../../domain/access.js';
import type { NodePart } from '../../domain/command.js';
import {
  type AccessFacts,
  type AccessOutcome,
  type AccessRequest,
  type Authority,
  decideAccess,
} from '../../domain/decision.js';
import { ALL_LAYERS, categoriesOf, layersOf } from '../../domain/decision-categories.js';
import { sayableNames } from '../../domain/decision-names.js';
import { Moment } from '../../domain/decision-time.js';
import { type Reasons, reasonsOf } from '../../domain/decision-why.js';
import type { NodeAddress } from '../../domain/node-address.js';
import type { RuleKind, TokenSubject } from '../../domain/rule.js';
import type { RuleIndex } from '../../storage/indexes/rule-index.js';
import type { ThingIndex } from '../../storage/indexes/thing-index.js';
import type { Clock } from '../../system/clock.js';
import { NamedNodes } from './access-named-nodes.js';
import { AccessNodes, DEVICE } from './access-nodes.js';

/** Reading or control. */
export type AccessKind = Exclude<RuleKind, 'friend'>;

/** What decisions rest on beside rules and things. All addresses are bare JIDs. */
export interface AccessGrounds {
  /** Whether this is an address of the hub itself. */
  isHub(jid: string): boolean;
  /** Whether one who decided may act for the owner of a thing. */
  actsFor(decider: string, owner: string): boolean;
  /** Fields or parameters that requests of the device have mentioned. */
  knownNames(device: string, kind: AccessKind): readonly string[];
  /** Whether the clock can be right: it is not older than the last time that is known. */
  timeKnown(): boolean;
}

/** An answer, and what it rests on. */
export interface AccessDecision<Answer> {
  readonly answer: Answer;
  /** Which rules, which token, or the owner, the hub: one sentence for the audit and for who asks why. */
  readonly why: string;
  /** Ids of the rules that decided. */
  readonly rules: readonly string[];
  /** Devices or nodes of the request about which no rule says anything for this caller: their owners are asked. */
  readonly unknown: readonly NodeAddress[];
}

/** What is asked for, whichever kind. */
interface Asked {
  readonly kind: AccessKind;
  readonly device: string;
  readonly nodes: readonly NodePart[];
  readonly names: readonly string[];
  /** One bit for each category; one where there are none. */
  readonly layers: number;
}

/** What of it is granted. */
interface Allowed {
  readonly nodes: readonly NodePart[];
  readonly names: readonly string[];
  readonly layers: number;
  /** Whether that is all of it. */
  readonly whole: boolean;
}

/** What was decided, before it is put into the words of an answer. */
interface Decided {
  readonly allowed: Allowed | undefined;
  readonly reasons: () => Reasons;
  readonly unknown: readonly NodeAddress[];
}

/** Nodes that are kept ready, of all devices together. */
const MOST_NODES = 20_000;

/** For rules that hold at all times. */
const ANY_TIME = new Moment(0, false);

const NOBODY: readonly NodeAddress[] = [];

/**
 * Decides what callers may read and control [0324 3.3, 3.4], from memory. An answer never holds more than the rules
 * of one authority allow, or than was asked for.
 */
export class AccessDecisions {
  private readonly rules: RuleIndex;
  private readonly things: ThingIndex;
  private readonly grounds: AccessGrounds;
  private readonly clock: Clock;
  private readonly ready = new Map<string, AccessNodes>();
  private readyNodes = 0;
  private revision = -1;
  private made = 0;

  constructor(rules: RuleIndex, things: ThingIndex, grounds: AccessGrounds, clock: Clock) {
    this.rules = rules;
    this.things = things;
    this.grounds = grounds;
    this.clock = clock;
  }

  /** What `who` may read of a device (bare JID) and the nodes behind it. A request without categories means all. */
  read(device: string, command: CanRead, who: Identities): AccessDecision<CanReadAnswer> {
    const { jid, categories, nodes, fields } = command;
    const layers = categories.length === 0 ? ALL_LAYERS : layersOf(categories);
    const decided = this.decide({ kind: 'read', device, nodes, names: fields, layers }, who);
    const { allowed } = decided;
    if (allowed === undefined) return new Kept({ jid, result: false, categories, nodes, fields }, decided);
    const granted: readonly Category[] = categoriesOf(allowed.layers);
    const answer = { jid, result: true, categories: granted, nodes: allowed.nodes, fields: allowed.names };
    return new Kept(answer, decided);
  }

  /** What `who` may control of a device (bare JID) and the nodes behind it. */
  control(device: string, command: CanControl, who: Identities): AccessDecision<CanControlAnswer> {
    const { jid, nodes, parameters, spelling } = command;
    const decided = this.decide({ kind: 'control', device, nodes, names: parameters, layers: 1 }, who);
    const { allowed } = decided;
    if (allowed === undefined) return new Kept({ jid, result: false, nodes, parameters, spelling }, decided);
    const answer = { jid, result: true, nodes: allowed.nodes, parameters: allowed.names, spelling };
    return new Kept(answer, decided);
  }

  private decide(asked: Asked, who: Identities): Decided {
    const { device, kind } = asked;
    if (who.jid === device) return everything(asked, 'the thing itself');
    if (this.grounds.isHub(who.jid)) return everything(asked, 'the hub itself');
    const known = this.nodesOf(device);
    const named = new NamedNodes(known, asked.nodes);
    const authorities = this.authorities(kind, device, who);
    const moment = this.moment(authorities);
    const every = asked.names.length === 0;
    const names = every
      ? sayableNames(authorities, () => this.grounds.knownNames(device, kind), asked.layers, moment)
      : asked.names;
    const { nodes, shadows, vague, registered, unregistered } = named;
    const request: AccessRequest = {
      nodes,
      shadows,
      vague,
      registered,
      unregistered,
      names,
      every,
      layers: asked.layers,
    };
    const decides = (by: string, owner: string) => this.grounds.actsFor(by, owner);
    const facts: AccessFacts = { caller: who.jid, moment, decides };
    const outcome = decideAccess(request, authorities, facts);
    const allowed = allowedOf(outcome, asked, named, names);
    return {
      allowed,
      reasons: () => reasonsOf(outcome, allowed?.whole ?? false),
      unknown: unknownOf(outcome, known, named, asked.nodes.length === 0),
    };
  }

  private moment(authorities: readonly Authority[]): Moment {
    for (const { sets } of authorities)
      for (const { timed } of sets) if (timed) return new Moment(this.clock.now(), this.grounds.timeKnown());
    return ANY_TIME;
  }

  private authorities(kind: AccessKind, device: string, who: Identities): Authority[] {
    const address = { token: undefined, sets: this.rules.setsCovering(kind, device, who.jid) };
    const all: Authority[] = [address];
    this.addTokens(all, kind, device, 'service', who.service);
    this.addTokens(all, kind, device, 'device', who.device);
    this.addTokens(all, kind, device, 'user', who.user);
    return all;
  }

  private addTokens(
    all: Authority[],
    kind: AccessKind,
    device: string,
    token: TokenSubject['kind'],
    identities: readonly string[],
  ): void {
    for (const identity of identities) {
      const subject = { kind: token, identity };
      const set = this.rules.setOf(kind, device, subject);
      if (set !== undefined) all.push({ token: subject, sets: [set] });
    }
  }

  /** What the registry has of a device, ready for decisions, until anything in the registry changes. */
  private nodesOf(device: string): AccessNodes {
    if (this.revision !== this.things.revision || this.readyNodes > MOST_NODES) {
      this.ready.clear();
      this.readyNodes = 0;
      this.revision = this.things.revision;
    }
    const known = this.ready.get(device);
    if (known !== undefined) return known;
    const nodes = new AccessNodes(this.made++, device, this.things.of(device));
    this.ready.set(device, nodes);
    this.readyNodes += nodes.addresses.length;
    return nodes;
  }
}

/** A decision; why it is so is worked out where somebody asks. */
class Kept<Answer> implements AccessDecision<Answer> {
  readonly answer: Answer;
  readonly unknown: readonly NodeAddress[];
  private readonly reasons: () => Reasons;
  private known: Reasons | undefined;

  constructor(answer: Answer, { reasons, unknown }: Decided) {
    this.answer = answer;
    this.reasons = reasons;
    this.unknown = unknown;
  }

  get why(): string {
    return this.both().why;
  }

  get rules(): readonly string[] {
    return this.both().rules;
  }

  private both(): Reasons {
    this.known ??= this.reasons();
    return this.known;
  }
}

function everything({ nodes, names, layers }: Asked, who: string): Decided {
  const reasons = { why: `yes (${who})`, rules: [] };
  return { allowed: { nodes, names, layers, whole: true }, reasons: () => reasons, unknown: NOBODY };
}

function allowedOf(
  { best, frame }: AccessOutcome,
  asked: Asked,
  named: NamedNodes,
  names: readonly string[],
): Allowed | undefined {
  const box = best?.box;
  if (best === undefined || box === undefined) return undefined;
  const allNames = box.columns.length === frame.columns.length;
  const allNodes = box.rows.length === frame.rows.length;
  const hasShadow = (shadow: number) => best.painting.shadowHas(shadow, box);
  const has = (node: number) => box.rows.includes(frame.rowOf[node] ?? -1);
  return {
    nodes: allNodes && named.shadows.length === 0 ? asked.nodes : named.granted({ has, hasShadow }),
    names: allNames
      ? asked.names
      : names.filter((_, place) => box.columns.includes(frame.columnOf[place] ?? -1)),
    layers: box.layers,
    whole: allNames && allNodes && box.layers === asked.layers,
  };
}

/**
 * Whose owners are asked: the device for nodes that nobody registered, and, where no node is named, for all that whom
 * the question about the device goes to decides about.
 */
function unknownOf(
  { silent }: AccessOutcome,
  known: AccessNodes,
  named: NamedNodes,
  whole: boolean,
): readonly NodeAddress[] {
  if (silent.length === 0) return NOBODY;
  const found = new Set<number>();
  for (const place of silent) {
    const node = named.nodes[place] ?? DEVICE;
    const owner = named.ownerOf(node);
    const joins = whole && (owner === undefined || owner === known.decider);
    found.add(named.isRegistered(node) && !joins ? node : DEVICE);
  }
  return [...found].map((node) => known.addressOf(node));
}
