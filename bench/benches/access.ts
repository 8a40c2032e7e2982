import { newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import type { Bench } from '../bench.js';
import { type Figure, median } from '../figure.js';
import {
  decisionsOver,
  deviceNumber,
  plainRules,
  type Request,
  requestsOf,
  SIZE,
} from '../load/access-world.js';

const ROUNDS = 5;

/** Different requests: few for rates, as one that was just read is at hand; for p99 so many that all rules have a turn. */
const AT_HAND = 300;
const ALL = 3000;

const SECONDS = 0.5;

/** Decisions of one round that are timed one by one. */
const TIMED = 30_000;

const MODEL = `
[request_definition]
r = sub, node, field
[policy_definition]
p = sub, node, field, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.sub == p.sub && (p.node == "*" || p.node == r.node) && (p.field == "*" || p.field == r.field)
`;

/** Decisions about reading, beside a policy library at its best use, and among many rules beside among few. */
export const access: Bench = {
  name: 'access',
  about: `canRead with ${SIZE} nodes by ${SIZE} fields, beside casbin with one small enforcer per thing`,
  run: async (lab) => {
    const ask = await casbin(1000);
    const library: number[] = [];
    const reasoned: number[] = [];
    const sizes = [100, 1000, 10_000].map((rules) => ({ rules, ...deciders(rules), rates: [0], p99s: [0] }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const { rules, decide, explain, rates, p99s } of sizes) {
        rates[round] = rate(requestsOf(rules, AT_HAND), decide);
        p99s[round] = p99(requestsOf(rules, ALL), decide);
        if (rules === 1000) reasoned.push(rate(requestsOf(rules, AT_HAND), explain));
      }
      library.push(rate(requestsOf(1000, AT_HAND), ask));
    }
    const [few, some, many] = sizes;
    if (few === undefined || some === undefined || many === undefined) return [];
    const told = sizes.map(({ rules, rates }) => `${plain(median(rates))} at ${plain(rules)}`).join(', ');
    lab.note(
      `access: canRead a second, by rules, of ${AT_HAND} requests: ${told}; ` +
        `with its reason for the audit ${plain(median(reasoned))} at 1,000.`,
    );
    return [ratio(median(some.rates), median(library)), spread(median(many.p99s), median(few.p99s))];
  },
};

function plain(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function ratio(hub: number, beside: number): Figure {
  return {
    bench: 'access',
    what: `canRead, ${SIZE} x ${SIZE}, 1,000 rules`,
    hub,
    beside,
    unit: '/s',
    yardstick: 'casbin, one enforcer per thing',
    bar: { kind: 'at-least', ratio: 500 },
  };
}

function spread(many: number, few: number): Figure {
  return {
    bench: 'access',
    what: 'p99 of canRead, 10,000 rules',
    hub: many,
    beside: few,
    unit: 'us',
    yardstick: 'the same, 100 rules',
    bar: { kind: 'at-most', ratio: 3 },
  };
}

/** Answers a request; the number of its granted pairs keeps the work from being left out. */
type Decider = (request: Request) => number;

/** The hub's, and one that says why as well. */
function deciders(rules: number): { readonly decide: Decider; readonly explain: Decider } {
  const decisions = decisionsOver(rules);
  const decide: Decider = ({ device, command, who }) => {
    const { answer, unknown } = decisions.read(device, command, who);
    return answer.nodes.length * answer.fields.length + unknown.length;
  };
  const explain: Decider = ({ device, command, who }) => decisions.read(device, command, who).why.length;
  return { decide, explain };
}

/** One enforcer with the rules of one thing for each: a request is asked pair by pair. */
async function casbin(rules: number): Promise<Decider> {
  const enforcers = await Promise.all(
    Array.from({ length: rules / 10 }, (_, device) => {
      const lines = plainRules(device).map(
        ({ caller, node, field, allow }) => `p, ${caller}, ${node}, ${field}, ${allow ? 'allow' : 'deny'}`,
      );
      return newEnforcer(newModelFromString(MODEL), new StringAdapter(lines.join('\n')));
    }),
  );
  return ({ device, command }) => {
    const enforcer = enforcers[deviceNumber(device)];
    let granted = 0;
    for (const { nodeId } of command.nodes) {
      for (const field of command.fields) if (enforcer?.enforceSync(command.jid, nodeId, field)) granted++;
    }
    return granted;
  };
}

/** Requests in a second of the processor: a machine that others use too would measure these. */
function rate(requests: readonly Request[], decide: Decider): number {
  const before = process.cpuUsage();
  const end = performance.now() + SECONDS * 1000;
  let done = 0;
  while (done % 8 !== 0 || performance.now() < end) {
    const request = requests[done % requests.length];
    if (request !== undefined) decide(request);
    done++;
  }
  const { user, system } = process.cpuUsage(before);
  return (done / (user + system)) * 1_000_000;
}

/** In microseconds. */
function p99(requests: readonly Request[], decide: Decider): number {
  const times = new Float64Array(TIMED);
  for (let timed = 0; timed < TIMED; timed++) {
    const request = requests[timed % requests.length];
    const begin = performance.now();
    if (request !== undefined) decide(request);
    times[timed] = (performance.now() - begin) * 1000;
  }
  times.sort();
  return times[Math.floor(TIMED * 0.99)] ?? 0;
}
