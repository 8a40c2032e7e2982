import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { includesPrivilege } from '../../../src/domain/privilege.js';
import type { PrivilegeEntry } from '../../../src/domain/service-commands.js';
import { GATE, open, SHOP, settled, shop } from './stage.js';

const EVERYBODY = { kind: 'add-rule', allow: true, conditions: [] } as const;
const include = (id: string): PrivilegeEntry => ({ include: true, id });
const exclude = (id: string): PrivilegeEntry => ({ include: false, id });

/** The gate lets everybody in; its roles and users are the test's. */
async function opened(wish: Parameters<typeof open>[0] = {}) {
  const stage = await open(wish);
  await stage.acts.edit({ kind: 'name', name: 'gate' });
  await stage.acts.edit(EVERYBODY);
  const come = async (name?: string): Promise<string> => {
    const { userToken = '' } = await stage.acts.access();
    if (name !== undefined) await stage.acts.login(userToken, name);
    return userToken;
  };
  return { ...stage, come };
}

describe('privileges of users [0324 3.7]', () => {
  it('are those of his own list, then of his roles, in their order', async () => {
    const { acts, come } = await opened();
    await acts.edit({ kind: 'set-role', role: 'reader', entries: [include('Sensors.View')] });
    await acts.edit({
      kind: 'set-role',
      role: 'worker',
      entries: [exclude('Sensors.View'), include('Sensors')],
    });
    await acts.edit({
      kind: 'set-user',
      user: 'anna',
      roles: ['reader', 'worker'],
      entries: [exclude('Sensors.Delete')],
    });
    await acts.edit({ kind: 'set-user', user: 'bob', roles: ['worker', 'reader'], entries: [] });
    const [anna, bob] = [await come('anna'), await come('bob')];
    expect(await acts.may(anna, 'Sensors.View')).toBe(true);
    expect(await acts.may(anna, 'Sensors.Delete')).toBe(false);
    expect(await acts.may(anna, 'Sensors.Add')).toBe(true);
    expect(await acts.may(bob, 'Sensors.View')).toBe(false);
    expect(await acts.may(bob, 'Sensors.Delete')).toBe(true);
    expect(await acts.list(anna)).toEqual([
      exclude('Sensors.Delete'),
      include('Sensors.View'),
      include('Sensors'),
    ]);
    expect(await acts.list(bob)).toEqual([exclude('Sensors.View'), include('Sensors')]);
  });

  it('are those of everybody for who did not log in, and for whom nobody set up', async () => {
    const { acts, come } = await opened({ aggregate: { enabled: true } });
    await acts.edit({ kind: 'set-defaults', entries: [include('Front')] });
    await acts.edit({ kind: 'set-user', user: 'anna', roles: [], entries: [include('Back')] });
    for (const token of [await come(), await come('stranger'), await come('stranger')]) {
      expect(await acts.may(token, 'Front.Door')).toBe(true);
      expect(await acts.may(token, 'Back')).toBe(false);
      expect(await acts.list(token)).toEqual([include('Front')]);
    }
    expect(await acts.list(await come('anna'))).toEqual([include('Back')]);
  });

  it('of one service have nothing to do with those of another', async () => {
    const { acts, come } = await opened();
    await acts.edit({ kind: 'name', name: 'shop' }, SHOP);
    await acts.edit(EVERYBODY, SHOP);
    await acts.edit({ kind: 'set-user', user: 'anna', roles: [], entries: [include('A')] }, SHOP);
    const { userToken = '' } = await acts.access([], 'shop-token', shop);
    await acts.login(userToken, 'anna', 'shop-token', shop);
    expect(await acts.may(userToken, 'A', 'shop-token', shop)).toBe(true);
    expect(await acts.may(await come('anna'), 'A')).toBe(false);
  });

  it('abuse 44: are none without a token that the hub gave', async () => {
    const { acts } = await opened();
    await acts.edit({ kind: 'set-defaults', entries: [include('A')] });
    for (const token of ['', 'hub.pronto.local:made-up', '__proto__']) {
      expect(await acts.may(token, 'A')).toBe(false);
      expect(await acts.list(token)).toEqual([]);
    }
  });

  it('are asked for by ids', async () => {
    const { acts, come } = await opened();
    const token = await come();
    for (const id of ['', '.', 'A..B', 'A'.repeat(257)])
      await expect(acts.may(token, id)).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('abuse 43: that are downloaded give the answers of the hub, never more', async () => {
    const { acts, come } = await opened();
    const part = fc.constantFrom('A', 'AX', 'B', '__proto__');
    const id = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
    const list = fc.array(fc.record({ include: fc.boolean(), id }), { maxLength: 6 });
    const names = fc.uniqueArray(fc.constantFrom('one', 'two', '__proto__'), { maxLength: 3 });
    const anna = await come('anna');
    const nobody = await come();
    const setUp = fc.record({ one: list, two: list, proto: list, own: list, defaults: list, names });
    await fc.assert(
      fc.asyncProperty(setUp, fc.array(id, { minLength: 5, maxLength: 10 }), async (wish, asked) => {
        await Promise.all([
          acts.edit({ kind: 'set-role', role: 'one', entries: wish.one }),
          acts.edit({ kind: 'set-role', role: 'two', entries: wish.two }),
          acts.edit({ kind: 'set-role', role: '__proto__', entries: wish.proto }),
          acts.edit({ kind: 'set-defaults', entries: wish.defaults }),
          acts.edit({ kind: 'set-user', user: 'anna', roles: wish.names, entries: wish.own }),
        ]);
        const lists = new Map([
          ['one', wish.one],
          ['two', wish.two],
          ['__proto__', wish.proto],
        ]);
        const hers = [...wish.own, ...wish.names.flatMap((name) => lists.get(name) ?? [])];
        for (const [token, whole] of [
          [anna, hers],
          [nobody, wish.defaults],
        ] as const) {
          const downloaded = await acts.list(token);
          for (const one of asked) {
            const answer = await acts.may(token, one);
            expect(answer).toBe(includesPrivilege(whole, one));
            expect(includesPrivilege(downloaded, one)).toBe(answer);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('what nobody knew before [0324 6.4]', () => {
  it('is ignored where the switch is off', async () => {
    const { acts, come, list } = await opened();
    await acts.access([], 'shop-token', shop);
    await acts.may(await come('anna'), 'A');
    expect(list.run()).toHaveLength(1);
    expect(list.show('gate')?.counts).toMatchObject({ users: 0, privileges: 0 });
  });

  it('is remembered for the owner, and granted nothing', async () => {
    const { acts, come, list, store } = await opened({ aggregate: { enabled: true } });
    expect(await acts.access([], 'shop-token', shop)).toEqual({ result: false });
    const token = await come('__proto__');
    for (const id of ['A', 'A', 'B.C', 'constructor']) expect(await acts.may(token, id)).toBe(false);
    await settled(store);
    expect(list.run()).toMatchObject([
      { identity: GATE, name: 'gate', by: 'anna@pronto.local' },
      { identity: SHOP, counts: { rules: 0 } },
    ]);
    expect(list.run()[1]).not.toHaveProperty('by');
    const shown = list.show('gate');
    expect(shown?.users.map(({ name }) => name)).toEqual(['__proto__']);
    expect(shown?.users[0]).not.toHaveProperty('by');
    expect(shown?.privileges).toEqual(['A', 'B.C', 'constructor']);
    await acts.edit({ kind: 'forget-privileges' });
    expect(list.show('gate')?.privileges).toEqual([]);
  });

  it('is only counted beyond the limits', async () => {
    const { acts, come, list, store } = await opened({
      aggregate: { enabled: true, services: 1, users: 2, privileges: 3 },
    });
    await acts.access([], 'shop-token', shop);
    const tokens = await Promise.all(['a', 'b', 'c', 'd'].map(come));
    await Promise.all(Array.from({ length: 10 }, (_, i) => acts.may(tokens[0] ?? '', `P${i}`)));
    await settled(store);
    expect(list.run()).toHaveLength(1);
    expect(list.show('gate')?.counts).toMatchObject({ users: 2, privileges: 3 });
    expect(list.overlooked()).toEqual({ services: 1, users: 2, privileges: 7 });
  });
});
