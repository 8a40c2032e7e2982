import { describe, expect, it } from 'vitest';
import {
  type CredentialCondition,
  decidingRule,
  holds,
  type PresentedUser,
} from '../../src/domain/credential-condition.js';
import { formatConditions, readConditions } from '../../src/domain/credential-expression.js';
import { readAddress } from '../../src/domain/credential-network.js';
import type { AccessRule } from '../../src/domain/service.js';

const NOBODY: PresentedUser = {
  jids: [],
  addresses: [],
  hosts: [],
  certificates: [],
  thumbprints: [],
  names: [],
  sso: [],
  protocols: [],
};
const SHA1 = 'ab'.repeat(20);
const SHA256 = 'cd'.repeat(32);

const ofText = (text: string): CredentialCondition => {
  const [draft] = readConditions([text]);
  if (draft === undefined || draft.kind === 'sso') throw new Error('no condition');
  return draft;
};
const fits = (text: string, user: Partial<PresentedUser>) => holds(ofText(text), { ...NOBODY, ...user });
const at = (text: string) => ({ addresses: [readAddress(text)].filter((address) => address !== undefined) });

describe('conditions of access', () => {
  it('hold by addresses of users', () => {
    const anna = { jids: ['anna@example.org'] };
    expect(fits('jid=Anna@Example.org', anna)).toBe(true);
    expect(fits('jid=*@example.org', anna)).toBe(true);
    expect(fits('jid=*@Example.Org', anna)).toBe(true);
    expect(fits('jid=a*a@*', anna)).toBe(true);
    expect(fits('domain=example.org', anna)).toBe(true);
    expect(fits('jid=ann@example.org', anna)).toBe(false);
    expect(fits('jid=*@ample.org', anna)).toBe(false);
    expect(fits('domain=ample.org', anna)).toBe(false);
    expect(fits('domain=example.org', { jids: ['eve@example.org.evil.example'] })).toBe(false);
  });

  it('hold by addresses of the network and names of hosts', () => {
    expect(fits('ip=10.0.0.0/8', at('10.1.2.3'))).toBe(true);
    expect(fits('ip=fd00::/8', at('fd12::1'))).toBe(true);
    expect(fits('ip=10.0.0.0/8', at('11.0.0.1'))).toBe(false);
    expect(fits('host=*.example.org', { hosts: ['a.b.example.org'] })).toBe(true);
    expect(fits('host=*.example.org', { hosts: ['example.org'] })).toBe(false);
    expect(fits('host=*.example.org', { hosts: ['evilexample.org'] })).toBe(false);
    expect(fits('host=PC.example.org', { hosts: ['pc.example.org'] })).toBe(true);
  });

  it('tell whole certificates from thumbprints', () => {
    expect(fits(`certificate=${SHA1}`, { certificates: [SHA1, SHA256] })).toBe(true);
    expect(fits(`certificate=${SHA256}`, { thumbprints: [SHA256] })).toBe(false);
    expect(
      fits(`thumbprint=${SHA256.toUpperCase().replaceAll(/../g, '$&:').slice(0, -1)}`, {
        thumbprints: [SHA256],
      }),
    ).toBe(true);
    expect(fits(`thumbprint=${SHA1}`, { certificates: [SHA1, SHA256] })).toBe(true);
  });

  it('hold by names, protocols and places', () => {
    expect(fits('user=__proto__', { names: ['__proto__'] })).toBe(true);
    expect(fits('user=__proto__', { names: [] })).toBe(false);
    expect(fits('protocol=HTTPS', { protocols: ['HTTPS'] })).toBe(true);
    expect(fits('box=59,17,60,19', { latitude: 59.3, longitude: 18 })).toBe(true);
    expect(fits('box=59,17,60,19', { latitude: 59.3 })).toBe(false);
    expect(fits('circle=59.3,18,1000', { latitude: 59.3, longitude: 18.01 })).toBe(true);
    expect(fits('altitude=-5..100', { altitude: 100 })).toBe(true);
    expect(fits('altitude=..0', { altitude: 1 })).toBe(false);
    expect(fits('altitude=0..', {})).toBe(false);
  });

  it('are written as they are read', () => {
    const texts = ['jid=a@b.c', 'jid=*@b.c', 'domain=b.c', 'ip=10.0.0.0/8', 'host=*.b.c', 'user=x=y z'];
    const places = ['box=-1,170,1,-170', 'circle=1,2,3.5', 'altitude=1..2', 'altitude=1..', 'altitude=..2'];
    for (const text of [...texts, ...places, 'protocol=Queue', `certificate=${SHA1}`, `thumbprint=${SHA256}`])
      expect(formatConditions([ofText(text)])).toBe(text);
    expect(formatConditions([{ kind: 'sso', sha256: 'x' }])).toBe('sso=(secret)');
    expect(formatConditions([])).toBe('everybody');
  });

  it('are refused with how they are written', () => {
    const wrong = [
      '',
      'jid',
      'jid=',
      '__proto__=x',
      'toString=x',
      'jid=@',
      'ip=10.0.0.1/8',
      'host=*',
      'host=a..b',
    ];
    const places = [
      'box=1,2,0,3',
      'box=1,2,3',
      'box=0,0,91,0',
      'circle=1,2,-3',
      'altitude=2..1',
      'altitude=..',
    ];
    for (const text of [
      ...wrong,
      ...places,
      'protocol=ftp',
      'thumbprint=abc',
      'altitude=Infinity..',
      `user=${'x'.repeat(2000)}`,
    ])
      expect(() => readConditions([text]), text).toThrowError(
        expect.objectContaining({ code: 'bad-request' }),
      );
    expect(() => readConditions([`sso=${'secret'.repeat(1000)}`])).toThrowError(/^"sso=…"/);
  });
});

describe('rules of access [0324 3.6.2]', () => {
  const rule = (id: string, allow: boolean, ...texts: string[]): AccessRule => ({
    id,
    allow,
    conditions: texts.map(ofText),
    by: 'anna@example.org',
    createdAt: 0,
  });
  const decided = (rules: readonly AccessRule[], user: Partial<PresentedUser>) =>
    decidingRule(rules, { ...NOBODY, ...user })?.id;

  it('decide by the first whose conditions all hold', () => {
    const rules = [
      rule('1', false, 'ip=10.0.0.66'),
      rule('2', true, 'ip=10.0.0.0/8', 'protocol=HTTPS'),
      rule('3', true, 'user=anna'),
    ];
    expect(decided(rules, { ...at('10.0.0.66'), protocols: ['HTTPS'], names: ['anna'] })).toBe('1');
    expect(decided(rules, { ...at('10.0.0.1'), protocols: ['HTTPS'] })).toBe('2');
    expect(decided(rules, { ...at('10.0.0.1'), names: ['anna'] })).toBe('3');
    expect(decided(rules, at('10.0.0.1'))).toBeUndefined();
    expect(decided([], { names: ['anna'] })).toBeUndefined();
    expect(decided([rule('1', true)], {})).toBe('1');
  });
});
