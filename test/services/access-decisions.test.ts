import { describe, expect, it } from 'vitest';
import { type CanControl, type CanRead, categories, type Identities } from '../../src/domain/access.js';
import type { NodePart } from '../../src/domain/command.js';
import { deviceAddress } from '../../src/domain/node-address.js';
import type { Rule } from '../../src/domain/rule.js';
import { ANNA, at, CALLER, CARL, DEVICE, decisionsOn, HUB, NOON, node, thing } from './access-model.js';

const tokens = { service: [], device: [], user: [] };
const bob: Identities = { jid: CALLER, service: [], device: [], user: [] };

const canRead = (asked: Partial<CanRead> = {}): CanRead => ({
  jid: CALLER,
  tokens,
  categories: ['momentary'],
  nodes: [],
  fields: [],
  ...asked,
});

const canControl = (asked: Partial<CanControl> = {}): CanControl => ({
  jid: CALLER,
  tokens,
  nodes: [],
  parameters: [],
  spelling: 'long',
  ...asked,
});

let made = 0;

const rule = (parts: Partial<Rule> = {}): Rule => ({
  id: String(++made),
  kind: 'read',
  thing: deviceAddress(DEVICE),
  subject: { kind: 'jid', jid: CALLER },
  allow: true,
  by: ANNA,
  createdAt: made,
  ...parts,
});

/** The device and these nodes are anna's. */
function house(rules: readonly Rule[], nodes: readonly NodePart[] = [], known: readonly string[] = []) {
  const all = [node(''), ...nodes].map((part) => ({ part, owner: ANNA }));
  return decisionsOn({ nodes: all, rules, known, timeKnown: true });
}

describe('the hub, the thing itself and the owner', () => {
  it('may read and control all that is asked for, whatever the rules say', () => {
    const { decisions } = house([rule({ subject: { kind: 'all' }, allow: false })], [node('n1')]);
    const asked = canRead({ nodes: [node('n1'), node('elsewhere')], fields: ['x'] });
    for (const [jid, why] of [
      [HUB, 'yes (the hub itself)'],
      [DEVICE, 'yes (the thing itself)'],
      [ANNA, 'yes (the owner)'],
    ] as const) {
      const decision = decisions.read(DEVICE, asked, { ...bob, jid });
      const { categories: list, nodes, fields } = asked;
      expect(decision.answer).toEqual({ jid: CALLER, result: true, categories: list, nodes, fields });
      expect([decision.why, decision.unknown]).toEqual([why, []]);
    }
  });

  it('owners of a node have that node, and no other', () => {
    const { decisions, things } = house([], [node('n1')]);
    things.changed(at(node('n2')), thing(node('n2'), CARL));
    const carl = { ...bob, jid: CARL };
    const { answer, unknown } = decisions.control(
      DEVICE,
      canControl({ nodes: [node('n1'), node('n2')] }),
      carl,
    );
    expect(answer).toMatchObject({ result: true, nodes: [node('n2')] });
    expect(unknown).toEqual([at(node('n1'))]);
  });
});

describe('what is answered', () => {
  it('is all categories, each by its name, where none is named', () => {
    const { decisions } = house([rule()]);
    const { answer, why } = decisions.read(DEVICE, canRead({ categories: [] }), bob);
    expect(answer).toEqual({ jid: CALLER, result: true, categories, nodes: [], fields: [] });
    expect(why).toMatch(/^yes \(rule \d+\)$/);
  });

  it('is the categories that are granted', () => {
    const { decisions } = house([rule({ categories: ['momentary', 'peak'] })]);
    const asked = canRead({ categories: ['status', 'momentary'] });
    expect(decisions.read(DEVICE, asked, bob).answer).toMatchObject({
      result: true,
      categories: ['momentary'],
    });
  });

  it('lists the granted fields where none is named [0324 3.3.3]', () => {
    const { decisions } = house([rule({ names: ['Power', 'Energy'] })]);
    const { answer } = decisions.read(DEVICE, canRead(), bob);
    expect(answer).toMatchObject({ result: true, nodes: [], fields: ['Energy', 'Power'] });
  });

  it('is the granted nodes of those that are named [0324 3.3.2]', () => {
    const nodes = [node('Device02'), node('Device03')];
    const { decisions } = house([rule({ thing: at(node('Device02')) })], nodes);
    const { answer, why } = decisions.read(DEVICE, canRead({ nodes }), bob);
    expect(answer).toMatchObject({ result: true, nodes: [node('Device02')], fields: [] });
    expect(why).toMatch(/^in part \(rule \d+\)$/);
  });

  it('is never a mixture of two grants: a node with its field, or the other', () => {
    const rules = [
      rule({ thing: at(node('a')), names: ['x'] }),
      rule({ thing: at(node('b')), names: ['y'] }),
    ];
    const { decisions } = house(rules, [node('a'), node('b')]);
    const asked = canRead({ nodes: [node('a'), node('b')], fields: ['x', 'y'] });
    expect(decisions.read(DEVICE, asked, bob).answer).toMatchObject({ nodes: [node('a')], fields: ['x'] });
  });

  it('is no, and what was asked for, where nothing remains', () => {
    const { decisions } = house([rule(), rule({ allow: false, names: ['x'] })]);
    const asked = canRead({ nodes: [node('')], fields: ['x'] });
    const { answer, why, rules, unknown } = decisions.read(DEVICE, asked, bob);
    expect(answer).toEqual({
      jid: CALLER,
      result: false,
      categories: ['momentary'],
      nodes: [node('')],
      fields: ['x'],
    });
    expect(why).toBe(`no (denied by rule ${made})`);
    expect([rules, unknown]).toEqual([[String(made)], []]);
  });

  it('names what is known where all but one is granted, and is no where nothing is', () => {
    const rules = [rule(), rule({ allow: false, names: ['x'] })];
    expect(house(rules).decisions.read(DEVICE, canRead(), bob).answer.result).toBe(false);
    const { decisions } = house(rules, [], ['x', 'y', 'z']);
    expect(decisions.read(DEVICE, canRead(), bob).answer).toMatchObject({ result: true, fields: ['y', 'z'] });
  });

  it('repeats how parameters were spelt', () => {
    const { decisions } = house([rule({ kind: 'control', names: ['Output'] })]);
    const asked = canControl({ parameters: ['Output', 'Other'], spelling: 'short' });
    const { answer } = decisions.control(DEVICE, asked, bob);
    expect(answer).toEqual({
      jid: CALLER,
      result: true,
      nodes: [],
      parameters: ['Output'],
      spelling: 'short',
    });
  });

  it('abuse 38: treats names such as __proto__ as plain data', () => {
    const { decisions } = house([rule({ names: ['__proto__'] })], [node('__proto__')]);
    const asked = canRead({ nodes: [node('__proto__')], fields: ['constructor', '__proto__', 'toString'] });
    expect(decisions.read(DEVICE, asked, bob).answer).toMatchObject({
      nodes: [node('__proto__')],
      fields: ['__proto__'],
    });
  });
});

describe('nodes of a device', () => {
  it('are all meant by a nodeId that several have [0324 6.5], and named apart where some are granted', () => {
    const nodes = [node('n', 's1'), node('n', 's2')];
    const some = house([rule({ thing: at(node('n', 's2')) })], nodes).decisions;
    const asked = canRead({ nodes: [node('n')] });
    expect(some.read(DEVICE, asked, bob).answer.nodes).toEqual([node('n', 's2')]);
    const all = house([rule()], nodes).decisions;
    expect(all.read(DEVICE, asked, bob).answer.nodes).toEqual([node('n')]);
  });

  it('are meant exactly where a source is named', () => {
    const { decisions } = house([rule({ thing: at(node('n', 's2')) })], [node('n', 's1'), node('n', 's2')]);
    expect(decisions.read(DEVICE, canRead({ nodes: [node('n', 's1')] }), bob).answer.result).toBe(false);
  });

  it('that nobody registered are the device’s', () => {
    const { decisions } = house([rule()]);
    const asked = canRead({ nodes: [node('n', 's', 'c')] });
    expect(decisions.read(DEVICE, asked, bob).answer).toMatchObject({ result: true, nodes: asked.nodes });
  });

  it('of another owner are not covered by a rule about the device', () => {
    const { decisions, things } = house([rule()], [node('mine')]);
    things.changed(at(node('his')), thing(node('his'), CARL));
    const { answer, unknown } = decisions.read(DEVICE, canRead(), bob);
    expect(answer).toMatchObject({ result: true, nodes: [node(''), node('mine')] });
    expect(unknown).toEqual([at(node('his'))]);
  });

  it('are decided about by who acts for an owner that is none any more', () => {
    const scene = { nodes: [{ part: node(''), owner: ANNA }], known: [], timeKnown: true };
    const rules = [rule({ by: CARL })];
    const refused = decisionsOn({ ...scene, rules }).decisions;
    expect(refused.read(DEVICE, canRead(), bob).answer.result).toBe(false);
    const { decisions } = decisionsOn({ ...scene, rules }, { actsFor: (decider) => decider === CARL });
    expect(decisions.read(DEVICE, canRead(), bob).answer.result).toBe(true);
  });

  it('are seen as they are now, however often the device asked before', () => {
    const { decisions, things, rules } = house([], [node('n')]);
    const asked = canRead({ nodes: [node('n')] });
    expect(decisions.read(DEVICE, asked, bob).answer.result).toBe(false);
    const added = rule();
    rules.changed(added, added);
    expect(decisions.read(DEVICE, asked, bob).answer.result).toBe(true);
    things.changed(at(node('n')), thing(node('n'), CARL));
    expect(decisions.read(DEVICE, asked, bob).answer.result).toBe(false);
  });
});

describe('tokens', () => {
  const service = { kind: 'service', identity: 'f1' } as const;

  it('are authorities of their own: what denies the caller denies no token of his', () => {
    const { decisions } = house([rule({ allow: false }), rule({ subject: service })]);
    const decision = decisions.read(DEVICE, canRead(), { ...bob, service: ['f1'] });
    expect(decision.answer.result).toBe(true);
    expect(decision.why).toBe(`yes (rule ${made}, the service f1)`);
    expect(decision.rules).toEqual([String(made)]);
  });

  it('abuse 44: a token that the hub does not know changes nothing, nor does one of another kind', () => {
    const { decisions } = house([rule({ kind: 'control', subject: service })]);
    for (const who of [bob, { ...bob, service: ['f2'] }, { ...bob, user: ['f1'] }])
      expect(decisions.control(DEVICE, canControl(), who).answer.result).toBe(false);
  });
});

describe('what no rule speaks of', () => {
  it('abuse 45: is no where nobody owns the thing, and its device is asked about', () => {
    const { decisions } = decisionsOn({ nodes: [], rules: [], known: [], timeKnown: true });
    const { answer, why, unknown } = decisions.read(DEVICE, canRead({ nodes: [node('n')] }), bob);
    expect([answer.result, why, unknown]).toEqual([false, 'no (no rule)', [deviceAddress(DEVICE)]]);
  });

  it('is asked of the device once where no node is named', () => {
    const { decisions } = house([], [node('a'), node('b')]);
    expect(decisions.read(DEVICE, canRead(), bob).unknown).toEqual([deviceAddress(DEVICE)]);
  });

  it('is each node that is named', () => {
    const { decisions } = house([rule({ thing: at(node('a')) })], [node('a'), node('b'), node('c')]);
    const { answer, unknown } = decisions.read(
      DEVICE,
      canRead({ nodes: [node('a'), node('b'), node('c')] }),
      bob,
    );
    expect(answer.nodes).toEqual([node('a')]);
    expect(unknown).toEqual([at(node('b')), at(node('c'))]);
  });

  it('is other fields than rules name, and not what a rule allows at other times', () => {
    const { decisions } = house([rule({ names: ['x'] }), rule({ names: ['y'], daily: { from: 0, to: 1 } })]);
    expect(decisions.read(DEVICE, canRead({ fields: ['z'] }), bob).unknown).toHaveLength(1);
    const { answer, unknown, why } = decisions.read(DEVICE, canRead({ fields: ['y'] }), bob);
    expect([answer.result, unknown, why]).toEqual([false, [], 'no (no rule allows it now)']);
  });

  it('comes back when a grant is over', () => {
    const { decisions, clock } = house([rule({ until: NOON + 1000 })]);
    expect(decisions.read(DEVICE, canRead(), bob).answer.result).toBe(true);
    clock.advance(1000);
    const { answer, unknown } = decisions.read(DEVICE, canRead(), bob);
    expect([answer.result, unknown]).toEqual([false, [deviceAddress(DEVICE)]]);
  });
});
