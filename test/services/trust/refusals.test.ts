import { describe, expect, it } from 'vitest';
import { ANNA, BERT, openTrust, outcome, print } from './stage.js';

const LAMP = 'lamp@desk';
const MINUTE = 60_000;

/** A lamp of Anna's that is pinned to the certificate `a`. */
async function withLamp() {
  const stage = await openTrust();
  await stage.register(stage.peer(LAMP, print('a')));
  await stage.claim(LAMP);
  /** Somebody else speaks as the lamp. */
  const impersonate = async (certificate?: string) => {
    stage.link.trust.admit(LAMP, certificate);
    await stage.written();
  };
  return { ...stage, impersonate };
}

describe('who speaks under a pinned name without its certificate', () => {
  it('is in the audit with what he showed, and the owner of the thing is told what to do', async () => {
    const { impersonate, told, audited } = await withLamp();
    await impersonate(print('b'));
    await impersonate();
    expect(await audited('link')).toEqual([
      { by: LAMP, about: print('b'), became: 'refused: not the certificate of this name' },
      { by: LAMP, about: 'no certificate', became: 'refused: not the certificate of this name' },
    ]);
    const [only, ...more] = await told();
    expect(more).toEqual([]);
    expect(only?.to).toBe(ANNA);
    expect(only?.text).toContain(`hearth things trust ${LAMP}`);
    expect(only?.text).toContain('another device uses its name; it was given nothing');
  });

  it('is one word to the owner while that waits to be read, and again after ten minutes at the earliest', async () => {
    const { impersonate, told, read, clock } = await withLamp();
    for (let i = 0; i < 100; i++) await impersonate(print('b'));
    expect(await told()).toHaveLength(1);
    clock.advance(30 * MINUTE);
    await impersonate(print('c'));
    expect(await told()).toHaveLength(1);
    await read();
    clock.advance(9 * MINUTE);
    await impersonate(print('b'));
    expect(await told()).toEqual([]);
    clock.advance(MINUTE);
    await impersonate(print('b'));
    expect(await told()).toHaveLength(1);
  });

  it('is told to all owners of the hub where nobody owns the thing, once for all such names', async () => {
    const { peer, register, link, told, written } = await openTrust();
    const names = ['one@desk', 'two@desk', 'three@desk'];
    for (const name of names) await register(peer(name, print('a')));
    for (const name of names) link.trust.admit(name, print('b'));
    await written();
    expect((await told()).map(({ to }) => to)).toEqual([ANNA, BERT]);
  });

  it('costs bounded memory, however many names and certificates he makes up', async () => {
    const { link } = await openTrust();
    for (let i = 0; i < 3000; i++) link.refusals.note(`t${i}@desk`, print('b'));
    expect(link.refusals.of('t0@desk').certificates).toEqual([]);
    expect(link.refusals.of('t2999@desk').certificates).toEqual([print('b')]);
    for (const digit of '0123456789abcdef') link.refusals.note(LAMP, print(digit));
    expect(link.refusals.of(LAMP).certificates).toEqual([...'bcdef'].map(print));
  });
});

describe('an owner', () => {
  it('takes the certificate that was refused, and the old one speaks no more', async () => {
    const { impersonate, trust, link, audited, pinOf } = await withLamp();
    await impersonate(print('b'));
    expect(await trust.run(LAMP, undefined, ANNA)).toEqual({
      jid: LAMP,
      before: print('a'),
      now: print('b'),
    });
    expect(await pinOf(LAMP)).toBe(print('b'));
    expect([print('a'), print('b')].map((one) => link.trust.judge(LAMP, one))).toEqual([
      'refused',
      'certificate',
    ]);
    expect((await audited('pin')).at(-1)).toEqual({ by: ANNA, about: print('b'), became: 'done' });
    expect(await outcome(() => trust.run(LAMP, undefined, ANNA))).toBe('item-not-found');
  });

  it('says which one where several were refused: whoever came last could be anybody', async () => {
    const { impersonate, trust, pinOf } = await withLamp();
    await impersonate(print('b'));
    await impersonate(print('c'));
    await expect(trust.run(LAMP, undefined, ANNA)).rejects.toThrow(`${print('c')}, ${print('b')}`);
    await expect(trust.run(LAMP, 'bbbb', ANNA)).rejects.toThrow('at least its first 8 digits');
    await expect(trust.run(LAMP, 'dddddddd', ANNA)).rejects.toThrow('Write all 64 digits');
    expect((await trust.run(LAMP, 'BB:BB:BB:BB', ANNA)).now).toBe(print('b'));
    expect((await trust.run(LAMP, print('d'), ANNA)).now).toBe(print('d'));
    expect(await pinOf(LAMP)).toBe(print('d'));
  });

  it('reads what else to do where nothing was refused, or somebody showed nothing', async () => {
    const { impersonate, trust } = await withLamp();
    await expect(trust.run(LAMP, undefined, ANNA)).rejects.toThrow('Nothing was refused under lamp@desk');
    await impersonate();
    await expect(trust.run(LAMP, undefined, ANNA)).rejects.toThrow(`hearth things trust ${LAMP} --forget`);
    expect(await trust.forget(LAMP, ANNA)).toEqual({ jid: LAMP, before: print('a'), now: undefined });
    expect(await outcome(() => trust.forget(LAMP, ANNA))).toBe('item-not-found');
  });

  it('decides about his own things alone, the administrator about those of nobody', async () => {
    const { impersonate, trust, pinOf, peer, register, link } = await withLamp();
    await impersonate(print('b'));
    expect(await outcome(() => trust.run(LAMP, undefined, BERT))).toBe('item-not-found');
    expect(await outcome(() => trust.forget(LAMP, BERT))).toBe('item-not-found');
    expect(await outcome(() => trust.run(LAMP, undefined, 'local'))).toBe('owner-only');
    expect(await pinOf(LAMP)).toBe(print('a'));
    await register(peer('desk@desk', print('a')));
    link.trust.admit('desk@desk', print('b'));
    expect(await outcome(() => trust.run('desk@desk', undefined, ANNA))).toBe('item-not-found');
    expect((await trust.run('desk@desk', undefined, 'local')).now).toBe(print('b'));
  });

  it('pins no account', async () => {
    const { trust, pinOf } = await openTrust();
    expect(await outcome(() => trust.run(BERT, print('a'), 'local'))).toBe('bad-request');
    expect(await pinOf(BERT)).toBeUndefined();
  });
});
