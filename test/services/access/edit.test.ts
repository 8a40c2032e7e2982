import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/domain/rule.js';
import type { ServiceEdit } from '../../../src/domain/service-edit.js';
import { rules, seenPrivileges, serviceRoles, serviceUsers, userTokens } from '../../../src/storage/keys.js';
import { ANNA, auditOf, cleared, GATE, open, SHOP } from './stage.js';

const NAME = { kind: 'name', name: 'gate' } as const;
const EVERYBODY = { kind: 'add-rule', allow: true, conditions: [] } as const;
const A = [{ include: true, id: 'A' }];

describe('the owner’s changes of services', () => {
  it('name them, and find them by name or fingerprint', async () => {
    const { acts, list, indexes } = await open();
    expect(await acts.edit(NAME)).toMatchObject({ identity: GATE, name: 'gate', by: ANNA });
    expect(list.show('gate')?.identity).toBe(GATE);
    expect(list.show(GATE.slice(0, 10).toUpperCase())?.identity).toBe(GATE);
    expect(list.show('a1')).toBeUndefined();
    await acts.edit({ kind: 'name', name: 'door' });
    expect(indexes.services.find('gate')).toBeUndefined();
    expect(indexes.services.find('door')?.identity).toBe(GATE);
    await expect(acts.edit({ kind: 'name', name: 'door' }, SHOP)).rejects.toMatchObject({ code: 'conflict' });
    for (const name of ['', ' a', 'a\nb', 'x'.repeat(65), 'deadbeef', '\u202e'])
      await expect(acts.edit({ kind: 'name', name }), name).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('are the owners’ alone', async () => {
    const { edit } = await open();
    await expect(async () => edit.run(GATE, NAME, 'eve@pronto.local')).rejects.toMatchObject({
      code: 'owner-only',
    });
  });

  it('need a service that is known, but for its name', async () => {
    const { acts } = await open();
    await expect(acts.edit(EVERYBODY)).rejects.toMatchObject({ code: 'item-not-found' });
    await expect(acts.edit(NAME, 'no-fingerprint')).rejects.toMatchObject({ code: 'item-not-found' });
  });

  it('add, move and remove rules', async () => {
    const { acts, list } = await open();
    await acts.edit(NAME);
    const order = () =>
      list
        .show('gate')
        ?.rules.map(({ id }) => id)
        .join('');
    await acts.edit({ ...EVERYBODY, conditions: ['ip=10.0.0.0/8', 'protocol=HTTPS'] });
    await acts.edit({ ...EVERYBODY, at: 1 });
    await acts.edit({ ...EVERYBODY, allow: false });
    expect(order()).toBe('213');
    await acts.edit({ kind: 'move-rule', id: '3', at: 1 });
    expect(order()).toBe('321');
    await acts.edit({ kind: 'move-rule', id: '3', at: 3 });
    expect(order()).toBe('213');
    await acts.edit({ kind: 'remove-rule', id: '3' });
    await acts.edit(EVERYBODY);
    expect(order()).toBe('214');
    expect(list.show('gate')?.rules[1]?.conditions).toEqual([
      { kind: 'ip', range: '10.0.0.0/8' },
      { kind: 'protocol', protocol: 'HTTPS' },
    ]);
    const wrong: [ServiceEdit, string][] = [
      [{ kind: 'remove-rule', id: '3' }, 'item-not-found'],
      [{ kind: 'move-rule', id: '__proto__', at: 1 }, 'item-not-found'],
      [{ kind: 'move-rule', id: '1', at: 4 }, 'bad-request'],
      [{ ...EVERYBODY, at: 0 }, 'bad-request'],
      [{ ...EVERYBODY, conditions: ['ip=x'] }, 'bad-request'],
      [{ ...EVERYBODY, conditions: new Array(9).fill('user=a') }, 'limit-reached'],
    ];
    for (const [change, code] of wrong) await expect(acts.edit(change)).rejects.toMatchObject({ code });
    expect(order()).toBe('214');
  });

  it('set roles and users, within bounds', async () => {
    const { acts, list } = await open();
    await acts.edit(NAME);
    await acts.edit({ kind: 'set-role', role: '__proto__', entries: A });
    await acts.edit({ kind: 'set-user', user: 'toString', roles: ['__proto__'], entries: [] });
    expect(list.show('gate')).toMatchObject({
      roles: [{ name: '__proto__', entries: A }],
      users: [{ name: 'toString', roles: ['__proto__'], by: ANNA }],
    });
    const user = { kind: 'set-user', user: 'bob', roles: [], entries: [] } as const;
    const wrong: [ServiceEdit, string][] = [
      [{ ...user, roles: ['nobody’s'] }, 'item-not-found'],
      [{ ...user, roles: ['__proto__', '__proto__'] }, 'bad-request'],
      [{ ...user, roles: Array.from({ length: 10 }, (_, i) => `r${i}`) }, 'limit-reached'],
      [{ ...user, user: '' }, 'bad-request'],
      [{ ...user, entries: [{ include: true, id: 'A.' }] }, 'bad-request'],
      [{ kind: 'set-role', role: 'x'.repeat(257), entries: [] }, 'bad-request'],
      [{ kind: 'set-defaults', entries: new Array(101).fill(A[0]) }, 'limit-reached'],
      [{ kind: 'remove-role', role: '__proto__' }, 'conflict'],
      [{ kind: 'remove-role', role: 'none' }, 'item-not-found'],
      [{ kind: 'remove-user', user: 'none' }, 'item-not-found'],
    ];
    for (const [change, code] of wrong) await expect(acts.edit(change)).rejects.toMatchObject({ code });
    await acts.edit({ kind: 'remove-user', user: 'toString' });
    await acts.edit({ kind: 'remove-role', role: '__proto__' });
    expect(list.show('gate')).toMatchObject({ roles: [], users: [] });
  });

  it('stay within what the hub may know', async () => {
    const { acts } = await open({ limits: { services: 1, users: 1 } });
    await acts.edit(NAME);
    await acts.edit({ kind: 'name', name: 'other' });
    await expect(acts.edit({ kind: 'name', name: 'shop' }, SHOP)).rejects.toMatchObject({
      code: 'limit-reached',
    });
    const user = (name: string) => acts.edit({ kind: 'set-user', user: name, roles: [], entries: [] });
    await user('a');
    await user('b');
    await user('b');
    await expect(user('c')).rejects.toMatchObject({ code: 'limit-reached' });
  });

  it('leave their lines in the audit, and nothing where they are refused', async () => {
    const { acts, store } = await open();
    await acts.edit(NAME);
    await acts.edit({ kind: 'set-role', role: 'r', entries: A });
    await acts.edit({ ...EVERYBODY, conditions: ['sso=top-secret'] });
    await expect(acts.edit({ kind: 'remove-rule', id: '7' })).rejects.toThrow();
    await acts.edit({ kind: 'forget' });
    expect(await auditOf(store)).toEqual([
      `service-name ${ANNA} gate: done (named)`,
      `service-set-role ${ANNA} gate: done (role r)`,
      `service-add-rule ${ANNA} gate: done (rule 1)`,
      `service-forget ${ANNA} gate: done (forgotten)`,
    ]);
  });

  it('forget a service with all that it has, and nothing of another', async () => {
    const { acts, store, list } = await open();
    for (const identity of [GATE, SHOP]) {
      await acts.edit({ kind: 'name', name: identity.slice(0, 2) }, identity);
      await acts.edit(EVERYBODY, identity);
      await acts.edit({ kind: 'set-role', role: 'r', entries: A }, identity);
      await acts.edit({ kind: 'set-user', user: 'u', roles: ['r'], entries: [] }, identity);
    }
    await acts.access();
    await acts.access([], 'shop-token');
    expect(await acts.edit({ kind: 'forget' })).toBeUndefined();
    expect(list.run().map(({ identity }) => identity)).toEqual([SHOP]);
    for (const table of [serviceRoles, serviceUsers, userTokens, seenPrivileges]) {
      const owners: string[] = [];
      for await (const [{ service }] of store.scan<{ service: string }, unknown>(table as never))
        owners.push(service);
      expect(owners).toEqual(table === seenPrivileges ? [] : [SHOP]);
    }
  });
});

describe('what may have cached an answer', () => {
  const lamp = { jid: 'lamp@pronto.local', nodeId: '', sourceId: '', cacheType: '' };

  /** The gate's user anna may read the lamp. */
  async function opened() {
    const stage = await open();
    await stage.acts.edit(NAME);
    await stage.acts.edit(EVERYBODY);
    await stage.acts.edit({ kind: 'set-user', user: 'anna', roles: [], entries: A });
    const subject = { kind: 'user', identity: `${GATE}/anna` } as const;
    const rule: Rule = { id: '1', kind: 'read', thing: lamp, subject, allow: true, by: ANNA, createdAt: 0 };
    await stage.store.transact((transaction) =>
      transaction.put(rules, { thing: lamp, kind: 'read', id: '1' }, rule),
    );
    const { userToken = '' } = await stage.acts.access();
    await stage.acts.login(userToken, 'anna');
    expect(await cleared(stage.store)).toEqual([]);
    return { ...stage, userToken };
  }

  it('is told of other privileges, where it is the service', async () => {
    const { acts, store } = await opened();
    await acts.edit({ kind: 'set-user', user: 'anna', roles: [], entries: [] });
    expect(await cleared(store)).toEqual(['gate@pronto.local']);
  });

  it('is told of users who are not there any more, where it is a thing with rules about them', async () => {
    const { acts, store, tokens, userToken } = await opened();
    await acts.edit({ kind: 'remove-user', user: 'anna' });
    expect(tokens.userOf(userToken)).toBeUndefined();
    expect(await cleared(store)).toEqual(['gate@pronto.local', 'lamp@pronto.local']);
    expect(await acts.may(userToken, 'A')).toBe(false);
  });

  it('is told of rules that end access', async () => {
    const { acts, store } = await opened();
    await acts.edit({ kind: 'remove-rule', id: '1' });
    expect(await cleared(store)).toEqual(['gate@pronto.local', 'lamp@pronto.local']);
  });
});
