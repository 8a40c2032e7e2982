import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanRead, type CanReadAnswer, categories, type Identities } from '../../src/domain/access.js';
import type { NodePart } from '../../src/domain/command.js';
import { deviceAddress, sameAddress } from '../../src/domain/node-address.js';
import {
  at,
  authoritiesOf,
  callers,
  DEVICE,
  decisionsOn,
  FRESH,
  grants,
  meaning,
  NAMES,
  node,
  nodesMeant,
  PHANTOM,
  requests,
  type Scene,
  scenes,
  type Triple,
} from './access-model.js';

const RUNS = { numRuns: 2000 };

/** All names that the rules or the hub know of, and one that nobody does. */
const everyName = ({ known }: Scene) => [...new Set([...NAMES, ...known]), FRESH];

/** All that an answer allows, as the device reads it: an empty list stands for all that was asked for. */
function allowedBy(scene: Scene, asked: CanRead, answer: CanReadAnswer): Triple[] {
  if (!answer.result) return [];
  const unnamed = asked.nodes.length === 0 && answer.nodes.length === 0;
  const parts = answer.nodes.length > 0 ? answer.nodes : asked.nodes;
  const named = parts.flatMap((part) => {
    // The device may have a node that it did not register.
    const bare = part.sourceId === '' && part.cacheType === '';
    return bare && answer.nodes.length > 0 ? [...meaning(scene, part), part] : meaning(scene, part);
  });
  const nodes = unnamed ? [...nodesMeant(scene, []), PHANTOM] : named;
  const names =
    answer.fields.length > 0 ? answer.fields : asked.fields.length > 0 ? asked.fields : everyName(scene);
  return nodes.flatMap((part) =>
    names.flatMap((name) => answer.categories.map((category) => ({ part, name, category }))),
  );
}

const askedCategories = (asked: CanRead) => (asked.categories.length > 0 ? asked.categories : categories);

/** What can be answered at all: a name that nobody mentions stands for all of them. */
function askable(scene: Scene, asked: CanRead): Triple[] {
  const names = asked.fields.length > 0 ? asked.fields : everyName(scene);
  return nodesMeant(scene, asked.nodes).flatMap((part) =>
    names.flatMap((name) => askedCategories(asked).map((category) => ({ part, name, category }))),
  );
}

function subsets<T>(of: readonly T[]): T[][] {
  return Array.from({ length: 2 ** of.length }, (_, set) =>
    of.filter((_, place) => (set & (1 << place)) !== 0),
  ).filter((set) => set.length > 0);
}

/** Whether no name of these nodes means others too. */
function canBeSaid(scene: Scene, nodes: readonly NodePart[]): boolean {
  return nodes.every((part) => meaning(scene, part).every((one) => nodes.includes(one)));
}

/** The size of the largest box that the authority grants, by trying all sets of nodes: cells, then categories. */
function largest(
  scene: Scene,
  asked: CanRead,
  who: Identities,
  authority: number,
): readonly [number, number] {
  const covers = authoritiesOf(who)[authority] ?? (() => false);
  const named = asked.fields.length > 0;
  const said = named ? asked.fields : sayable(scene, asked, who);
  // Rules speak of the first three: where all are asked for, the fourth stands for those after it.
  const reps = askedCategories(asked).slice(0, 4);
  const rest = reps[3];
  const alike = categories.length - 3;
  let best: readonly [number, number] = [0, 0];
  for (const nodes of subsets(nodesMeant(scene, asked.nodes))) {
    if (!canBeSaid(scene, nodes)) continue;
    for (const some of subsets(reps)) {
      const has = (name: string) =>
        nodes.every((part) => some.every((category) => grants(scene, covers, who, { part, name, category })));
      const names = said.filter(has);
      const all = !named && everyName(scene).every(has) ? 1 : 0;
      const layers = some.reduce((sum, category) => sum + (category === rest ? alike : 1), 0);
      const size: [number, number] = [nodes.length * (names.length + all), layers];
      if (size[0] > 0 && (size[0] > best[0] || (size[0] === best[0] && size[1] > best[1]))) best = size;
    }
  }
  return best;
}

/** The names that an answer to a request for all can list. */
function sayable({ rules, known }: Scene, asked: CanRead, who: Identities): string[] {
  const mentioned = rules
    .filter((rule) => authoritiesOf(who).some((covers) => covers(rule.subject)))
    .filter((rule) => rule.categories?.some((one) => askedCategories(asked).includes(one)) ?? true)
    .filter((rule) => rule.until === undefined || rule.until > new Date(2026, 5, 1, 12, 0).getTime())
    .map(({ names }) => names);
  const names = mentioned.flatMap((list) => list ?? []);
  return mentioned.some((list) => list !== undefined) ? [...new Set([...known, ...names])] : [];
}

function sizeOf(
  scene: Scene,
  asked: CanRead,
  who: Identities,
  answer: CanReadAnswer,
): readonly [number, number] {
  if (!answer.result) return [0, 0];
  const nodes = nodesMeant(scene, asked.nodes).filter(
    (part) =>
      answer.nodes.length === 0 ||
      answer.nodes.some((one) => meaning(scene, one).some((real) => sameAddress(at(real), at(part)))),
  );
  const all = answer.fields.length === 0;
  const names = all ? sayable(scene, asked, who).length + 1 : answer.fields.length;
  return [nodes.length * names, answer.categories.length];
}

describe('answers to canRead, for any nodes, rules, tokens and requests', () => {
  it('abuse 43: never hold more than one authority grants, or than was asked for', () => {
    fc.assert(
      fc.property(scenes, requests, callers, (scene, asked, who) => {
        const { answer } = decisionsOn(scene).decisions.read(DEVICE, asked, who);
        const allowed = allowedBy(scene, asked, answer);
        const one = authoritiesOf(who).some((covers) =>
          allowed.every((triple) => grants(scene, covers, who, triple)),
        );
        expect(one).toBe(true);
        if (asked.fields.length > 0) expect(asked.fields).toEqual(expect.arrayContaining([...answer.fields]));
        expect(askedCategories(asked)).toEqual(expect.arrayContaining([...answer.categories]));
      }),
      RUNS,
    );
  });

  it('are really the largest that one authority grants, and no exactly where nothing can be said', () => {
    fc.assert(
      fc.property(scenes, requests, callers, (scene, asked, who) => {
        const { answer } = decisionsOn(scene).decisions.read(DEVICE, asked, who);
        const sizes = authoritiesOf(who).map((_, authority) => largest(scene, asked, who, authority));
        const [most] = sizes.sort((a, b) => b[0] - a[0] || b[1] - a[1]);
        expect(sizeOf(scene, asked, who, answer)).toEqual(most);
      }),
      { numRuns: 500 },
    );
  });

  it('are no exactly where nothing that was named is granted', () => {
    fc.assert(
      fc.property(scenes, requests, callers, (scene, asked, who) => {
        fc.pre(asked.fields.length > 0);
        const { answer } = decisionsOn(scene).decisions.read(DEVICE, asked, who);
        const granted = askable(scene, asked).some((triple) =>
          authoritiesOf(who).some((covers) =>
            meaning(scene, triple.part).every((part) => grants(scene, covers, who, { ...triple, part })),
          ),
        );
        expect(answer.result).toBe(granted);
        const { nodes, fields } = asked;
        if (!granted) expect(answer).toMatchObject({ categories: asked.categories, nodes, fields });
      }),
      RUNS,
    );
  });

  it('do not depend on the order of the rules in storage', () => {
    const shuffled = scenes.chain((scene) =>
      fc
        .shuffledSubarray([...scene.rules], { minLength: scene.rules.length })
        .map((rules) => [scene, { ...scene, rules }] as const),
    );
    fc.assert(
      fc.property(shuffled, requests, callers, ([scene, other], asked, who) => {
        const [a, b] = [scene, other].map((one) => decisionsOn(one).decisions.read(DEVICE, asked, who));
        expect(b?.answer).toEqual(a?.answer);
        expect([b?.why, b?.rules, b?.unknown]).toEqual([a?.why, a?.rules, a?.unknown]);
      }),
      RUNS,
    );
  });

  it('to several tokens are the most forgiving of those to each alone [0324 3.1.5]', () => {
    fc.assert(
      fc.property(scenes, requests, callers, (scene, asked, who) => {
        fc.pre(asked.fields.length > 0);
        const nobody = { jid: 'nobody@nowhere.example', service: [], device: [], user: [] };
        const own = { ...nobody, jid: who.jid };
        const tokens = (['service', 'device', 'user'] as const).flatMap((kind) =>
          who[kind].map((identity) => ({ ...nobody, [kind]: [identity] })),
        );
        const { decisions } = decisionsOn({
          ...scene,
          // Everybody's rules are those of the address; a token alone has none.
          rules: scene.rules.filter(({ subject }) => subject.kind !== 'all'),
        });
        const alone = [own, ...tokens].map((one) => decisions.read(DEVICE, asked, one).answer);
        const { answer } = decisions.read(DEVICE, asked, who);
        expect(alone).toContainEqual(answer);
        const sizes = alone.map((one) => sizeOf(scene, asked, who, one));
        const [cells, layers] = sizeOf(scene, asked, who, answer);
        for (const [other, its] of sizes)
          expect(cells > other || (cells === other && layers >= its)).toBe(true);
      }),
      RUNS,
    );
  });

  it('name no node that no rule says anything about as known, and ask nobody about what rules speak of', () => {
    fc.assert(
      fc.property(scenes, requests, callers, (scene, asked, who) => {
        const { answer, unknown } = decisionsOn(scene).decisions.read(DEVICE, asked, who);
        if (answer.result && JSON.stringify(answer.nodes) === JSON.stringify(asked.nodes))
          expect(unknown).toEqual([]);
        for (const address of unknown) {
          const meant = nodesMeant(scene, asked.nodes).map(at);
          expect([...meant, deviceAddress(DEVICE)]).toContainEqual(address);
        }
      }),
      RUNS,
    );
  });
});

describe('nothing', () => {
  it('is what anybody gets without rules', () => {
    fc.assert(
      fc.property(requests, callers, (asked, who) => {
        const scene: Scene = {
          nodes: [{ part: node(''), owner: 'x@y' }],
          rules: [],
          known: [],
          timeKnown: true,
        };
        const { answer } = decisionsOn(scene).decisions.read(DEVICE, asked, who);
        expect(answer.result).toBe(false);
      }),
    );
  });
});
