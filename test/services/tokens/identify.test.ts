import { describe, expect, it } from 'vitest';
import { ownKey, TestCertificate } from '../../world/certificates.js';
import { bring, caller, HOUR, HUB, meter, open, pump, type Received, type Stage } from './stage.js';

const certificate = new TestCertificate({ name: 'Pump' });
const { fingerprint } = certificate;
const lamp = caller('lamp@pronto.local');
const NOBODY = { service: [], device: [], user: [] };

/** The pump asks the lamp for something with a token, and the lamp asks the hub. */
const ask = (stage: Stage, token: string, { remote = pump.jid, device = lamp } = {}) =>
  stage.identify.run(remote, bring({ device: [token] }), device);

/** Who has the key answers. */
const prove = ({ challenge, answer }: Received) => answer(certificate.answer(challenge));

describe('who stands behind tokens', () => {
  it('is nobody where there are none, at once', async () => {
    const { identify, received } = await open();
    expect(await identify.run(pump.jid, bring({}), lamp)).toEqual({ jid: pump.jid, ...NOBODY });
    expect(received).toEqual([]);
  });

  it('is the certificate, once its holder has answered by way of the device that asks', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const answer = ask(stage, token);
    const challenge = await stage.next();
    expect(challenge).toMatchObject({ to: lamp.jid, token });
    prove(challenge);
    expect(await answer).toEqual({ jid: pump.jid, ...NOBODY, device: [fingerprint] });
  });

  it('is one identity for several tokens of one certificate, by service and device alike', async () => {
    const stage = await open();
    const [one, other] = [await stage.fetch(certificate), await stage.fetch(certificate, meter)];
    const answer = stage.identify.run(pump.jid, bring({ service: [one, other, one], device: [one] }), lamp);
    prove(await stage.next());
    prove(await stage.next());
    expect(await answer).toEqual({ ...NOBODY, jid: pump.jid, service: [fingerprint], device: [fingerprint] });
    expect(stage.received).toEqual([]);
  });

  it('abuse 44: is nobody for unknown tokens, which the audit tells, and those of other servers', async () => {
    const stage = await open();
    await stage.fetch(certificate);
    for (const token of [`${HUB}:unknown`, 'other.local:token', 'token', '__proto__', ''])
      expect(await ask(stage, token)).toEqual({ jid: pump.jid, ...NOBODY });
    expect(stage.received).toEqual([]);
    await stage.store.transact(() => undefined);
    const lines = (await stage.audited()).filter((line) => line.startsWith('token'));
    expect(lines).toEqual([`token ${lamp.jid} ${pump.jid}: no (unknown token)`]);
  });

  it('is nobody, and nobody is challenged, where no rule asks', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    stage.subjects.matter = (device, { kind }) => device === lamp.jid && kind === 'service';
    expect(await ask(stage, token)).toEqual({ jid: pump.jid, ...NOBODY });
    expect(stage.received).toEqual([]);
  });

  it('abuse 40: is nobody for a wrong answer, or the answer for another token', async () => {
    const stage = await open();
    const other = new TestCertificate({ key: ownKey() });
    const token = await stage.fetch(certificate);
    const answer = ask(stage, token);
    const { challenge, answer: reply } = await stage.next();
    expect(() => other.answer(challenge)).toThrow();
    reply(Buffer.alloc(32).toString('base64'));
    expect(await answer).toEqual({ jid: pump.jid, ...NOBODY });
    const again = ask(stage, token);
    const first = await stage.next();
    const stale = certificate.answer(challenge);
    first.answer(stale);
    expect((await again).device).toEqual([]);
  });

  it('is asked in the padding of the dialect in which the token was given', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate, pump, 'nfi');
    const answer = ask(stage, token);
    const { challenge, answer: reply } = await stage.next();
    reply(certificate.answer(challenge, 'oaep'));
    expect((await answer).device).toEqual([fingerprint]);
  });

  it('is known of a holder who sends a token of his to the hub itself', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const answer = stage.identify.identityOf(token, pump);
    const challenge = await stage.next();
    expect(challenge.to).toBe(pump.jid);
    prove(challenge);
    expect(await answer).toBe(fingerprint);
    expect(await stage.identify.identityOf('nonsense', pump)).toBeUndefined();
  });
});

describe('users', () => {
  const kermit = `${fingerprint}/Kermit`;

  it('count beside a token of their service, which is proven for their sake', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    stage.users.set('user-token', kermit);
    stage.subjects.matter = (_device, { kind }) => kind === 'user';
    const answer = stage.identify.run(pump.jid, bring({ service: [token], user: ['user-token'] }), lamp);
    prove(await stage.next());
    expect(await answer).toMatchObject({ service: [fingerprint], user: [kermit] });
  });

  it('do not count alone, beside another service, or beside one that proves nothing', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    stage.users.set('user-token', kermit).set('other', 'ab12/Kermit');
    const user = ['user-token'];
    expect((await stage.identify.run(pump.jid, bring({ user }), lamp)).user).toEqual([]);
    const unproven = stage.identify.run(pump.jid, bring({ service: [token], user }), lamp);
    (await stage.next()).answer(undefined);
    expect((await unproven).user).toEqual([]);
    const other = stage.identify.run(pump.jid, bring({ service: [token], user: ['other', 'unknown'] }), lamp);
    prove(await stage.next());
    expect(await other).toMatchObject({ service: [fingerprint], user: [] });
  });
});

describe('challenges on use', () => {
  it('are not repeated for an hour, for the same sender by way of the same device', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const first = ask(stage, token);
    prove(await stage.next());
    await first;
    stage.clock.advance(HOUR - 1);
    expect((await ask(stage, token)).device).toEqual([fingerprint]);
    expect(stage.received).toEqual([]);
    stage.clock.advance(1);
    const later = ask(stage, token);
    prove(await stage.next());
    expect((await later).device).toEqual([fingerprint]);
  });

  it('are made anew for another sender and by way of another device: a token is no proof by itself', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const first = ask(stage, token);
    prove(await stage.next());
    await first;
    for (const use of [{ remote: 'thief@pronto.local' }, { device: meter }]) {
      const stolen = ask(stage, token, use);
      (await stage.next()).answer(undefined);
      expect((await stolen).device).toEqual([]);
    }
  });

  it('are one where the same is asked twice at once', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const both = [ask(stage, token), ask(stage, token)];
    prove(await stage.next());
    for (const { device } of await Promise.all(both)) expect(device).toEqual([fingerprint]);
    expect(stage.received).toEqual([]);
  });

  it('come one after the other where two senders bring one token to a device', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const mine = ask(stage, token);
    const theirs = ask(stage, token, { remote: 'thief@pronto.local' });
    const first = await stage.next();
    expect(stage.received).toEqual([]);
    prove(first);
    expect((await mine).device).toEqual([fingerprint]);
    (await stage.next()).answer(undefined);
    expect((await theirs).device).toEqual([]);
  });

  it('are answered no after ten seconds; a later proof counts, and the device is told to ask anew', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const early = ask(stage, token);
    const challenge = await stage.next();
    stage.clock.advance(10_000);
    expect((await early).device).toEqual([]);
    expect(await stage.cleared()).toEqual([]);
    const joined = ask(stage, token);
    stage.clock.advance(9_000);
    prove(challenge);
    expect((await joined).device).toEqual([fingerprint]);
    await stage.store.transact(() => undefined);
    expect(await stage.cleared()).toEqual([lamp.jid]);
  });

  it('abuse 40: count for nothing after a minute', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const early = ask(stage, token);
    const challenge = await stage.next();
    stage.clock.advance(60_000);
    expect((await early).device).toEqual([]);
    prove(challenge);
    const again = ask(stage, token);
    (await stage.next()).answer(undefined);
    expect((await again).device).toEqual([]);
    expect(await stage.cleared()).toEqual([]);
  });

  it('rest for a while after three failures in a row', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    for (let i = 0; i < 3; i++) {
      const failed = ask(stage, token);
      (await stage.next()).answer(undefined);
      expect((await failed).device).toEqual([]);
    }
    expect((await ask(stage, token)).device).toEqual([]);
    expect(stage.received).toEqual([]);
    stage.clock.advance(600_000);
    const again = ask(stage, token);
    prove(await stage.next());
    expect((await again).device).toEqual([fingerprint]);
  });

  it('are bounded: what comes on top is no proof', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const asked = Array.from({ length: 5 }, (_, i) => ask(stage, token, { remote: `a${i}@pronto.local` }));
    expect((await asked[4])?.device).toEqual([]);
    expect(await stage.cleared()).toEqual([]);
    // Nothing spoke against him: the device must not keep that no.
    (await stage.next()).answer(undefined);
    await asked[0];
    await stage.store.transact(() => undefined);
    expect(await stage.cleared()).toEqual([lamp.jid]);
  });

  it('of one device leave room for those of others', async () => {
    const stage = await open({ tokens: { perAccount: 200, all: 1000 } });
    const tokens: string[] = [];
    for (let i = 0; i < 130; i++) tokens.push(await stage.fetch(certificate));
    for (const token of tokens)
      for (let i = 0; i < 4; i++) void ask(stage, token, { remote: `a${i}@pronto.local` });
    const answer = ask(stage, tokens[0] ?? '', { device: meter });
    let challenge = await stage.next();
    while (challenge.to !== meter.jid) challenge = await stage.next();
    prove(challenge);
    expect((await answer).device).toEqual([fingerprint]);
  });

  it('abuse 44: of a service are good from its own account alone: whom it brings its token is not the service', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    expect(await stage.identify.identityOf(token, meter)).toBeUndefined();
    expect(stage.received).toEqual([]);
    const own = stage.identify.identityOf(token, pump);
    prove(await stage.next());
    expect(await own).toBe(fingerprint);
  });

  it('that cannot be sent are no proof, and are told to the log', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const lost = ask(stage, token);
    (await stage.next()).fail(new Error('no such session'));
    expect((await lost).device).toEqual([]);
    const errors = stage.log.lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain(token);
  });
});
