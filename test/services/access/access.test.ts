import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Credential } from '../../../src/domain/service-commands.js';
import { userTokens } from '../../../src/storage/keys.js';
import { TestCertificate } from '../../world/certificates.js';
import { auditOf, caller, DAY, GATE, gate, open, SHOP, settled, shop } from './stage.js';

const ip4 = (value: string): Credential => ({ kind: 'ip4', value });
const user = (value: string): Credential => ({ kind: 'userName', value });

/** A service that lets everybody of the LAN in. */
async function opened(wish: Parameters<typeof open>[0] = {}) {
  const stage = await open(wish);
  await stage.acts.edit({ kind: 'name', name: 'gate' });
  await stage.acts.edit({ kind: 'add-rule', allow: true, conditions: ['ip=10.0.0.0/8'] });
  return stage;
}

async function granted(stage: Awaited<ReturnType<typeof open>>): Promise<string> {
  const { userToken } = await stage.acts.access([ip4('10.0.0.1')]);
  if (userToken === undefined) throw new Error('no access');
  return userToken;
}

describe('access of users to services [0324 3.6.2]', () => {
  it('is granted by the first rule that fits, with a token', async () => {
    const { acts, store } = await opened();
    await acts.edit({ kind: 'add-rule', allow: false, conditions: ['user=eve'], at: 1 });
    expect(await acts.access([ip4('10.0.0.1'), user('eve')])).toEqual({ result: false });
    expect(await acts.access([ip4('192.168.0.1')])).toEqual({ result: false });
    expect(await acts.access([])).toEqual({ result: false });
    const answer = await acts.access([ip4('10.0.0.1'), user('anna')]);
    expect(answer).toEqual({
      result: true,
      userToken: expect.stringMatching(/^hub\.pronto\.local:[a-z2-7]{32}$/),
    });
    expect(await auditOf(store)).toContain('can-access gate@pronto.local gate: no (rule 2)');
    expect(await auditOf(store)).toContain('can-access gate@pronto.local gate: no (no rule)');
    expect(await auditOf(store)).toContain('can-access gate@pronto.local gate: yes (rule 1)');
  });

  it('keeps neither tokens nor what is secret of credentials', async () => {
    const { acts, store } = await opened();
    await acts.edit({ kind: 'add-rule', allow: true, conditions: ['sso=top-secret'], at: 1 });
    const { result, userToken = '' } = await acts.access([
      ip4('10.0.0.1'),
      { kind: 'sso', value: 'top-secret' },
    ]);
    expect(result).toBe(true);
    const kept: unknown[] = [];
    for await (const record of store.scan(userTokens)) kept.push(record);
    const hash = createHash('sha256').update(userToken).digest('hex');
    expect(kept).toMatchObject([
      [
        { service: GATE, name: hash },
        { credentials: 'ip4 10.0.0.1, a token of single sign on', rule: '2' },
      ],
    ]);
    const all = JSON.stringify([kept, store, await auditOf(store)]);
    expect(all).not.toContain('top-secret');
    expect(all).not.toContain(userToken);
    expect(await acts.access([{ kind: 'sso', value: 'another' }])).toEqual({ result: false });
  });

  it('abuse 44: is denied to services without valid token, and to those that nobody set up', async () => {
    const { acts, store, list } = await opened();
    expect(await acts.access([ip4('10.0.0.1')], 'no-token')).toEqual({ result: false });
    expect(await acts.access([ip4('10.0.0.1')], 'shop-token', shop)).toEqual({ result: false });
    expect(list.run()).toHaveLength(1);
    expect(await auditOf(store)).toContain(
      'can-access gate@pronto.local a service: no (its token is not valid)',
    );
  });

  it('by certificates takes those alone that are valid now', async () => {
    const { acts, known, clock } = await opened();
    const certificate = new TestCertificate({ notAfter: clock.now() + DAY });
    const sha1 = createHash('sha1').update(certificate.der).digest();
    const whole: Credential = { kind: 'x509Certificate', value: certificate.text };
    await acts.edit({
      kind: 'add-rule',
      allow: true,
      conditions: [`certificate=${certificate.fingerprint}`],
    });
    const result = async (...credentials: Credential[]) => (await acts.access(credentials)).result;
    expect(await result(whole)).toBe(true);
    expect(await result({ kind: 'x509Certificate', value: new TestCertificate().text })).toBe(false);
    const thumbprint: Credential = { kind: 'x509CertificateThumbprint', value: sha1.toString('base64') };
    expect(await result(thumbprint)).toBe(false);
    await acts.edit({ kind: 'add-rule', allow: true, conditions: [`thumbprint=${sha1.toString('hex')}`] });
    expect(await result(thumbprint)).toBe(true);
    known.time = false;
    expect(await result(whole)).toBe(false);
    known.time = true;
    clock.advance(2 * DAY);
    expect(await result(whole)).toBe(false);
  });

  it('refuses credentials that are malformed', async () => {
    const { acts } = await opened();
    const wrong: Credential[][] = [
      [{ kind: 'jid', value: '@' }],
      [ip4('10.0.0.256')],
      [{ kind: 'x509Certificate', value: 'AAAA' }],
      [{ kind: 'x509CertificateThumbprint', value: 'AAAA' }],
      [{ kind: 'latitude', value: '91' }],
      [{ kind: 'altitude', value: 'high' }],
      [
        { kind: 'longitude', value: '1' },
        { kind: 'longitude', value: '2' },
      ],
      Array.from({ length: 5 }, () => ({ kind: 'x509Certificate', value: 'AAAA' })),
    ];
    for (const credentials of wrong)
      await expect(acts.access(credentials)).rejects.toMatchObject({ code: /bad-request|jid-malformed/ });
  });

  it('is asked for as often as may be', async () => {
    const { acts } = await opened({ perMinute: 3 });
    for (let i = 0; i < 3; i++) await acts.access();
    await expect(acts.access()).rejects.toMatchObject({ code: 'too-many-requests' });
    expect(await acts.access([], 'shop-token', shop)).toEqual({ result: false });
  });

  it('abuse 45: is nobody’s while the data is damaged', async () => {
    const stage = await opened();
    await stage.acts.edit({ kind: 'set-defaults', entries: [{ include: true, id: 'A' }] });
    const token = await granted(stage);
    expect(await stage.acts.may(token, 'A')).toBe(true);
    stage.store.report('a test says so');
    expect(await stage.acts.access([ip4('10.0.0.1')])).toEqual({ result: false });
    expect(await stage.acts.may(token, 'A')).toBe(false);
    expect(await stage.acts.list(token)).toEqual([]);
    await stage.acts.login(token, 'anna');
  });
});

describe('user tokens [0324 3.6.2, 6.6]', () => {
  it('stand for nobody until the user logged in, then for him, over restarts', async () => {
    const stage = await opened();
    const token = await granted(stage);
    expect(stage.tokens.userOf(token)).toBeUndefined();
    await stage.acts.login(token, '__proto__');
    expect(stage.tokens.userOf(token)).toBe(`${GATE}/__proto__`);
    await stage.store.stop();
    const again = await open({ memory: stage.memory });
    expect(again.tokens.userOf(token)).toBe(`${GATE}/__proto__`);
  });

  it('get a name once, from the service that has them', async () => {
    const stage = await opened();
    const token = await granted(stage);
    await stage.acts.edit({ kind: 'name', name: 'shop' }, SHOP);
    await stage.acts.login(token, 'eve', 'shop-token', shop);
    await stage.acts.login(token, 'eve', 'no-token');
    await stage.acts.login('hub.pronto.local:made-up', 'eve');
    expect(stage.tokens.userOf(token)).toBeUndefined();
    await stage.acts.login(token, 'anna');
    await stage.acts.login(token, 'anna');
    await stage.acts.login(token, 'eve');
    expect(stage.tokens.userOf(token)).toBe(`${GATE}/anna`);
    const audit = await auditOf(stage.store);
    expect(audit.filter((line) => line.startsWith('user-logged-in'))).toEqual([
      'user-logged-in shop@pronto.local shop: ignored (the user token is not valid here)',
      'user-logged-in gate@pronto.local a service: no (its token is not valid)',
      'user-logged-in gate@pronto.local gate: ignored (the user token is not valid here)',
      'user-logged-in gate@pronto.local anna: done (gate)',
      'user-logged-in gate@pronto.local gate: ignored (the user token has another name, or just ended)',
    ]);
  });

  it('have one winner where two names come at once', async () => {
    const stage = await opened();
    const token = await granted(stage);
    await Promise.all(['anna', 'eve', 'bob'].map((name) => stage.acts.login(token, name)));
    expect(stage.tokens.userOf(token)).toBe(`${GATE}/anna`);
  });

  it('end where nobody uses them for as long as they stay', async () => {
    const stage = await opened();
    const token = await granted(stage);
    await stage.acts.login(token, 'anna');
    for (let i = 0; i < 5; i++) {
      stage.clock.advance(20 * DAY);
      expect(stage.tokens.userOf(token)).toBe(`${GATE}/anna`);
      await settled(stage.store);
    }
    stage.clock.advance(31 * DAY);
    stage.known.time = false;
    expect(stage.tokens.userOf(token)).toBe(`${GATE}/anna`);
    stage.known.time = true;
    expect(stage.tokens.userOf(token)).toBeUndefined();
    expect(await stage.acts.may(token, 'A')).toBe(false);
  });

  it('make room for others, those of users who never logged in first', async () => {
    const stage = await opened({ perService: 3 });
    const first = await granted(stage);
    await stage.acts.login(first, 'anna');
    for (let i = 0; i < 10; i++) {
      stage.clock.advance(1000);
      await granted(stage);
      expect(stage.indexes.tokens.countOf(GATE)).toBeLessThanOrEqual(3);
    }
    expect(stage.tokens.userOf(first)).toBe(`${GATE}/anna`);
  });

  it.each([
    ['a denial is added', { kind: 'add-rule', allow: false, conditions: ['user=eve'] }],
    ['the order of rules changes', { kind: 'move-rule', id: '1', at: 1 }],
    ['an allowance is taken back', { kind: 'remove-rule', id: '1' }],
    ['the service is forgotten', { kind: 'forget' }],
  ] as const)('end where %s', async (_, change) => {
    const stage = await opened();
    const token = await granted(stage);
    await stage.acts.login(token, 'anna');
    await stage.acts.edit(change);
    expect(stage.tokens.userOf(token)).toBeUndefined();
  });

  it('stay where a change of rules can only allow more', async () => {
    const stage = await opened();
    await stage.acts.edit({ kind: 'add-rule', allow: false, conditions: ['user=eve'] });
    const token = await granted(stage);
    await stage.acts.login(token, 'anna');
    await stage.acts.edit({ kind: 'add-rule', allow: true, conditions: ['user=bob'], at: 1 });
    await stage.acts.edit({ kind: 'remove-rule', id: '2' });
    expect(stage.tokens.userOf(token)).toBe(`${GATE}/anna`);
  });

  it('are not given out by rules that changed just now', async () => {
    const stage = await opened();
    const [, answer] = await Promise.all([
      stage.acts.edit({ kind: 'remove-rule', id: '1' }),
      stage.acts.access([ip4('10.0.0.1')]),
    ]);
    expect(answer).toEqual({ result: false });
  });

  it('are of no use to another service', async () => {
    const stage = await opened();
    await stage.acts.edit({ kind: 'set-defaults', entries: [{ include: true, id: 'A' }] });
    await stage.acts.edit({ kind: 'name', name: 'shop' }, SHOP);
    await stage.acts.edit({ kind: 'set-defaults', entries: [{ include: true, id: 'A' }] }, SHOP);
    const token = await granted(stage);
    expect(await stage.acts.may(token, 'A')).toBe(true);
    expect(await stage.acts.may(token, 'A', 'shop-token', shop)).toBe(false);
    expect(await stage.acts.list(token, 'shop-token', shop)).toEqual([]);
    expect(await stage.acts.may(token, 'A', 'no-token')).toBe(false);
  });
});

describe('a service that asks right after it told of a login', () => {
  it('gets the answer for the user who logged in, however long its token takes', async () => {
    const stage = await opened();
    await stage.acts.edit({
      kind: 'set-user',
      user: 'anna',
      roles: [],
      entries: [{ include: true, id: 'A' }],
    });
    const token = await granted(stage);
    let prove = () => {};
    const proven = new Promise<void>((resolve) => {
      prove = resolve;
    });
    stage.proofs.set(gate.jid, proven);
    const login = stage.acts.login(token, 'anna');
    const asked = stage.acts.may(token, 'A.B', 'gate-token', caller('gate-2@pronto.local'));
    prove();
    expect(await asked).toBe(true);
    await login;
  });
});
