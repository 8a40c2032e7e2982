import { describe, expect, it } from 'vitest';
import { deviceAddress } from '../../src/domain/node-address.js';
import type { Rule, Subject } from '../../src/domain/rule.js';
import { RuleIndex } from '../../src/storage/indexes/rule-index.js';

const LAMP = 'lamp@pronto.local';
const BOB = 'bob@pronto.local';

const rule = (id: string, subject: Subject, parts: Partial<Rule> = {}): Rule => ({
  id,
  kind: 'read',
  thing: deviceAddress(LAMP),
  subject,
  allow: true,
  by: 'anna@pronto.local',
  createdAt: Number(id),
  ...parts,
});

const bob = { kind: 'jid', jid: BOB } as const;

function indexOf(...rules: readonly Rule[]): RuleIndex {
  const index = new RuleIndex();
  for (const one of rules) index.changed(one, one);
  return index;
}

const ids = (rules: readonly Rule[]) => rules.map(({ id }) => id).sort();

describe('the rules in memory', () => {
  it('are found by address, domain and for everyone, of one kind and device', () => {
    const index = indexOf(
      rule('1', bob),
      rule('2', { kind: 'domain', domain: 'pronto.local' }),
      rule('3', { kind: 'all' }),
      rule('4', { kind: 'jid', jid: 'eve@pronto.local' }),
      rule('5', bob, { kind: 'control' }),
      rule('6', bob, { thing: deviceAddress('other@pronto.local') }),
      rule('7', { kind: 'service', identity: BOB }),
    );
    expect(ids(index.covering('read', LAMP, BOB))).toEqual(['1', '2', '3']);
    expect(ids(index.covering('control', LAMP, BOB))).toEqual(['5']);
    expect(index.covering('friend', LAMP, BOB)).toEqual([]);
  });

  it('can be several for one subject, about parts and about nodes', () => {
    const node = { ...deviceAddress(LAMP), nodeId: 'n1' };
    const index = indexOf(rule('1', bob, { names: ['x'] }), rule('2', bob, { thing: node }), rule('3', bob));
    expect(ids(index.covering('read', LAMP, BOB))).toEqual(['1', '2', '3']);
    expect(index.about('read', LAMP, bob)?.id).toBe('3');
    const [set] = index.setsCovering('read', LAMP, BOB);
    expect(set?.allowing).toHaveLength(3);
  });

  it('change and go without a trace', () => {
    const index = indexOf(rule('1', bob), rule('2', bob));
    index.changed(rule('1', bob), undefined);
    const moved = rule('2', { kind: 'all' });
    index.changed(moved, moved);
    expect(index.about('read', LAMP, bob)).toBeUndefined();
    expect(ids(index.covering('read', LAMP, 'eve@nowhere.example'))).toEqual(['2']);
    index.changed(moved, undefined);
    expect(index.get('2')).toBeUndefined();
    expect([...index.all()]).toEqual([]);
    expect(index.covering('read', LAMP, BOB)).toEqual([]);
  });

  it('that are ready for decisions are new after every change', () => {
    const index = indexOf(rule('1', bob));
    const [before] = index.setsCovering('read', LAMP, BOB);
    const denial = rule('2', bob, { allow: false });
    index.changed(denial, denial);
    const [after] = index.setsCovering('read', LAMP, BOB);
    expect(before?.denying).toHaveLength(0);
    expect(after?.denying).toHaveLength(1);
  });

  it('abuse 38: names such as __proto__ are plain data', () => {
    const proto = { kind: 'user', identity: '__proto__' } as const;
    const index = indexOf(rule('1', proto, { names: ['constructor', '__proto__'] }));
    const set = index.setOf('read', LAMP, proto);
    expect(set?.name('__proto__')).toBe(1);
    expect(set?.name('toString')).toBeUndefined();
    expect(index.setOf('read', '__proto__', proto)).toBeUndefined();
  });
});
