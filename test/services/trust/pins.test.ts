import { describe, expect, it } from 'vitest';
import { ANNA, openTrust, outcome, print } from './stage.js';

const LAMP = 'lamp@desk';
const node = { nodeId: '', sourceId: '', cacheType: '' };

describe('a name on the link', () => {
  it('abuse 57: is pinned by a registration with a certificate, and speaks with no other from then on', async () => {
    const { peer, register, pinOf, link, audited } = await openTrust();
    expect(link.trust.admit(LAMP, print('a'))).toBe('unverified');
    await register(peer(LAMP, print('a')));
    expect(await pinOf(LAMP)).toBe(print('a'));
    expect(link.trust.admit(LAMP, print('a'))).toBe('certificate');
    expect(link.trust.admit(LAMP, print('b'))).toBe('refused');
    expect(link.trust.admit(LAMP, undefined)).toBe('refused');
    expect(await audited('pin')).toEqual([{ by: LAMP, about: print('a'), became: 'done' }]);
  });

  it('abuse 57: that is pinned is not spoken under on a stream of before, neither in clear nor with another key', async () => {
    const { services, peer, register, pinOf, account, claim } = await openTrust();
    const [before, other] = [peer(LAMP), peer(LAMP, print('b'))];
    await register(peer(LAMP, print('a')));
    for (const caller of [before, other]) {
      expect(await outcome(() => register(caller))).toBe('wrong-certificate');
      expect(await outcome(() => services.unregister({ node }, caller))).toBe('wrong-certificate');
      const asked = () => services['is-friend']({ jid: 'eve@desk' }, caller);
      expect(await outcome(asked)).toBe('wrong-certificate');
    }
    expect(await pinOf(LAMP)).toBe(print('a'));
    expect((await claim(LAMP)).thing.jid).toBe(LAMP);
    expect(await outcome(() => register(account(LAMP)))).toBe('done');
  });

  it('is not pinned by a registration in clear, by one with an account, or by anything else', async () => {
    const { services, peer, account, register, pinOf } = await openTrust();
    await register(peer(LAMP));
    await services['is-friend']({ jid: 'eve@desk' }, peer(LAMP, print('a')));
    await services.search({ offset: 0, maxCount: 10, operators: [] }, peer(LAMP, print('a')));
    await services.unregister({ node }, peer(LAMP, print('a')));
    await register({ ...account('desk@pronto.local'), certificate: print('a') });
    expect(await pinOf(LAMP)).toBeUndefined();
    expect(await pinOf('desk@pronto.local')).toBeUndefined();
    await register(peer(LAMP, print('a')));
    expect(await pinOf(LAMP)).toBe(print('a'));
  });

  it('is not pinned by a registration that is refused', async () => {
    const { peer, register, pinOf } = await openTrust({ settings: ['limits.things=1'] });
    await register(peer('desk@desk'));
    expect(await outcome(() => register(peer(LAMP, print('a'))))).toBe('limit-reached');
    expect(await pinOf(LAMP)).toBeUndefined();
  });

  it('is pinned once, whoever registers at the same time', async () => {
    const { peer, register, pinOf } = await openTrust();
    const callers = ['a', 'b', 'c', 'd'].map((digit) => peer(LAMP, print(digit)));
    const became = await Promise.all(callers.map((caller) => outcome(() => register(caller))));
    expect(became.filter((code) => code === 'done')).toHaveLength(1);
    expect(became.filter((code) => code === 'wrong-certificate')).toHaveLength(3);
    expect(await pinOf(LAMP)).toBe(callers[became.indexOf('done')]?.certificate);
  });

  it('keeps its certificate when the thing leaves, and when the hub restarts', async () => {
    const { services, peer, register, pinOf, memory, core, store } = await openTrust();
    await register(peer(LAMP, print('a')));
    await services.unregister({ node }, peer(LAMP, print('a')));
    expect(await pinOf(LAMP)).toBe(print('a'));
    core.stop();
    await store.stop();
    const again = await openTrust({ memory });
    expect(again.link.trust.admit(LAMP, print('b'))).toBe('refused');
    expect(again.link.trust.admit(LAMP, print('a'))).toBe('certificate');
  });

  it('keeps its certificate when its owner gives the thing up', async () => {
    const courier = { reaches: () => true, deliver: async () => 'acknowledged' as const };
    const { services, account, peer, register, claim, pinOf, store } = await openTrust({ courier });
    await register(peer(LAMP, print('a')));
    await claim(LAMP);
    await services.disown({ thing: { jid: LAMP, ...node } }, account(ANNA));
    expect(await pinOf(LAMP)).toBe(print('a'));
    await store.stop();
  });

  it('of a thing that is owned already is pinned by its owner alone, who is told', async () => {
    const { peer, register, claim, pinOf, told, read, clock, trust, link, written } = await openTrust();
    await register(peer(LAMP));
    await claim(LAMP);
    await register(peer(LAMP, print('a')));
    await written();
    expect(await pinOf(LAMP)).toBeUndefined();
    expect(await told()).toEqual([
      { to: ANNA, text: expect.stringContaining(`shows a certificate now. If your thing is on`) },
    ]);
    await read();
    clock.advance(3_600_000);
    await register(peer(LAMP, print('a')));
    await written();
    expect(await told()).toEqual([]);
    expect(await trust.run(LAMP, undefined, ANNA)).toEqual({ jid: LAMP, before: undefined, now: print('a') });
    expect(link.trust.admit(LAMP, undefined)).toBe('refused');
  });

  it('abuse 57: of an account here, of the hub or of an owner elsewhere is no name of the link', async () => {
    const OUTSIDE = 'carl@example.org';
    const { link, peer, register, services } = await openTrust({ trusted: [OUTSIDE] });
    for (const jid of [ANNA, 'nobody@pronto.local', 'hub.pronto.local', 'pronto.local', OUTSIDE]) {
      expect([jid, link.trust.admit(jid, print('a'))]).toEqual([jid, 'refused']);
      expect(await outcome(() => register(peer(jid, print('a'))))).toBe('forbidden');
      expect(link.trust.refusal(jid)).toContain('is no name of the link');
      const claim = { tags: [{ name: 'KEY', value: 'k' }], public: true };
      expect(await outcome(() => services.claim(claim, peer(jid)))).toBe('forbidden');
    }
  });
});
