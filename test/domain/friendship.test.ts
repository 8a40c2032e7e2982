import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideFriendship } from '../../src/domain/friendship.js';
import { deviceAddress } from '../../src/domain/node-address.js';
import { covers, type Rule, type Subject } from '../../src/domain/rule.js';

const rule = (id: string, subject: Subject, allow: boolean): Rule => ({
  id,
  kind: 'friend',
  thing: deviceAddress('lamp@pronto.local'),
  subject,
  allow,
  by: 'owner@pronto.local',
  createdAt: 0,
});

describe('who may befriend a thing [0324 3.2]', () => {
  it('is always the hub and the owner, whatever the rules', () => {
    const rules = [rule('1', { kind: 'all' }, false)];
    expect(decideFriendship({ own: true, owner: false, rules }).result).toBe('yes');
    expect(decideFriendship({ own: false, owner: true, rules }).result).toBe('yes');
  });

  it('is unknown where no rule says anything', () => {
    expect(decideFriendship({ own: false, owner: false, rules: [] }).result).toBe('unknown');
  });

  it('a denial wins over any grant, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), (allows) => {
        const rules = allows.map((allow, i) => rule(String(i), { kind: 'all' }, allow));
        const { result } = decideFriendship({ own: false, owner: false, rules });
        expect(result).toBe(allows.every(Boolean) ? 'yes' : 'no');
      }),
    );
  });

  it('covers by address, by domain and everyone', () => {
    const caller = 'stranger@example.org';
    expect(covers({ kind: 'jid', jid: caller }, caller)).toBe(true);
    expect(covers({ kind: 'jid', jid: 'other@example.org' }, caller)).toBe(false);
    expect(covers({ kind: 'domain', domain: 'example.org' }, caller)).toBe(true);
    expect(covers({ kind: 'domain', domain: 'ample.org' }, caller)).toBe(false);
    expect(covers({ kind: 'domain', domain: 'example.org' }, 'example.org')).toBe(true);
    expect(covers({ kind: 'all' }, caller)).toBe(true);
  });
});
