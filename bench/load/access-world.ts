import type { CanRead, Identities } from '../../src/domain/access.js';
import type { NodePart } from '../../src/domain/command.js';
import { deviceAddress } from '../../src/domain/node-address.js';
import type { Rule } from '../../src/domain/rule.js';
import type { Thing } from '../../src/domain/thing.js';
import { AccessDecisions } from '../../src/services/provisioning/access-decisions.js';
import { RuleIndex } from '../../src/storage/indexes/rule-index.js';
import { ThingIndex } from '../../src/storage/indexes/thing-index.js';
import { SystemClock } from '../../src/system/clock.js';

/** Nodes of a device, and fields that are asked for. */
export const SIZE = 10;

/** Rules about one device. */
export const RULES_EACH = 10;

const CALLERS = 3;
const OWNER = 'anna@bench.local';

/** One canRead as it comes from a device. */
export interface Request {
  readonly device: string;
  readonly command: CanRead;
  readonly who: Identities;
}

/** What a rule says, in the words of any engine; `*` stands for all. */
export interface PlainRule {
  readonly caller: string;
  readonly node: string;
  readonly field: string;
  readonly allow: boolean;
}

const jidOf = (device: number): string => `plc${device}@bench.local`;
const callerOf = (number: number): string => `app${number % CALLERS}@bench.local`;

/**
 * The rules of every device: for each caller some about all nodes, some about one, with all fields or one; the last
 * one denies.
 */
export function plainRules(device: number): readonly PlainRule[] {
  return Array.from({ length: RULES_EACH }, (_, place) => {
    const turn = Math.floor(place / CALLERS);
    return {
      caller: callerOf(place),
      node: turn === 0 ? '*' : `node${(device + place) % SIZE}`,
      field: turn === 1 ? '*' : `field${(device + turn) % SIZE}`,
      allow: place < RULES_EACH - 1,
    };
  });
}

/** Decisions as the hub makes them, over so many rules. */
export function decisionsOver(rules: number): AccessDecisions {
  const index = new RuleIndex();
  const things = new ThingIndex();
  const devices = rules / RULES_EACH;
  for (let device = 0; device < devices; device++) {
    const jid = jidOf(device);
    for (const part of [{ nodeId: '' }, ...nodeParts()]) {
      const thing: Thing = { ...deviceAddress(jid), ...part, ...registered };
      things.changed(thing, thing);
    }
    plainRules(device).forEach((plain, place) => {
      const rule = ruleOf(jid, plain, String(device * RULES_EACH + place));
      index.changed(rule, rule);
    });
  }
  const grounds = {
    isHub: (jid: string) => jid === 'hub.bench.local',
    actsFor: (decider: string, owner: string) => decider === owner,
    knownNames: () => [],
    timeKnown: () => true,
  };
  return new AccessDecisions(index, things, grounds, new SystemClock());
}

/**
 * So many requests, from devices and callers in turn. Their lists are few, so that they are at hand as those of a
 * request are that was just read; the texts are their own, as from a parser.
 */
export function requestsOf(rules: number, count: number): readonly Request[] {
  const devices = rules / RULES_EACH;
  const none: string[] = [];
  const tokens = { service: none, device: none, user: none };
  const lists = Array.from({ length: 8 }, () => ({ nodes: apart(nodeParts()), fields: apart(fieldNames()) }));
  return Array.from({ length: count }, (_, place) => {
    const jid = apart(callerOf(place));
    const { nodes, fields } = lists[place % lists.length] ?? { nodes: [], fields: [] };
    return {
      // A prime steps through all devices in no order that memory likes.
      device: apart(jidOf((place * 7919) % devices)),
      command: { jid, tokens, categories: ['momentary'], nodes, fields },
      who: { jid, ...tokens },
    };
  });
}

/** The number of a device of `requestsOf`. */
export function deviceNumber(jid: string): number {
  return Number(jid.slice('plc'.length, jid.indexOf('@')));
}

const registered = {
  tags: [],
  owner: OWNER,
  public: true,
  generation: 'nf',
  hub: 'hub.bench.local',
  claimHash: '',
  registeredAt: 0,
} as const;

function fieldNames(): string[] {
  return Array.from({ length: SIZE }, (_, field) => `field${field}`);
}

/** The same in texts of its own. */
function apart<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

function nodeParts(): NodePart[] {
  return Array.from({ length: SIZE }, (_, node) => ({ nodeId: `node${node}`, sourceId: '', cacheType: '' }));
}

function ruleOf(jid: string, { caller, node, field, allow }: PlainRule, id: string): Rule {
  return {
    id,
    kind: 'read',
    thing: { ...deviceAddress(jid), nodeId: node === '*' ? '' : node },
    subject: { kind: 'jid', jid: caller },
    allow,
    ...(field === '*' ? {} : { names: [field] }),
    by: OWNER,
    createdAt: 0,
  };
}
