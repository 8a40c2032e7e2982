import { describe, expect, it } from 'vitest';
import { RemoveAccount } from '../../../src/services/accounts/remove-account.js';
import { hashToken } from '../../../src/services/tokens/token-text.js';
import { accounts } from '../../../src/storage/keys.js';
import { TestCertificate } from '../../world/certificates.js';
import { ManualClock } from '../../world/manual-clock.js';
import { ANNA, bring, caller, HOUR, meter, open, pump, type Stage } from './stage.js';

const DAY = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const certificate = new TestCertificate({ name: 'Pump' });
const { fingerprint } = certificate;
const lamp = caller('lamp@pronto.local');

/** A token that the pump has proven to the lamp, about which the lamp and two others have rules. */
async function proven(certificate: TestCertificate) {
  const stage = await open();
  const token = await stage.fetch(certificate);
  const identity = certificate.fingerprint;
  await stage.rule(lamp.jid, { kind: 'device', identity });
  await stage.rule('door@pronto.local', { kind: 'user', identity: `${identity}/Kermit` });
  await stage.rule('cellar@pronto.local', { kind: 'service', identity: `not ${identity}` });
  const first = identify(stage, token);
  const { challenge, answer } = await stage.next();
  answer(certificate.answer(challenge));
  expect(await first).toEqual([identity]);
  return { stage, token };
}

async function identify(stage: Stage, token: string): Promise<readonly string[]> {
  const { device } = await stage.identify.run(pump.jid, bring({ device: [token] }), lamp);
  return device;
}

/** The next batch is on the disk: what the clock began is written by then. */
const settled = (stage: Stage) => stage.store.transact(() => undefined);

const concerned = [lamp.jid, 'door@pronto.local'];

describe('a certificate that an owner revokes', () => {
  it('speaks for nobody, its tokens end, and what has rules about it forgets its answers', async () => {
    const { stage, token } = await proven(certificate);
    await stage.revoke.run(fingerprint, ANNA);
    expect(await identify(stage, token)).toEqual([]);
    expect((await stage.cleared()).sort()).toEqual([...concerned].sort());
    expect(stage.tokens.count).toBe(0);
    await expect(stage.getCertificate.run({ token }, meter)).rejects.toMatchObject({
      code: 'item-not-found',
    });
    expect(await stage.audited()).toContain(`revoke-certificate ${ANNA} ${fingerprint}: done, 1 tokens`);
  });

  it('gets no new token, also after a restart, nor for a challenge that was sent before', async () => {
    const { stage } = await proven(certificate);
    const { seqnr, challenge } = stage.get.run({ certificate: certificate.text }, pump);
    await stage.revoke.run(fingerprint, ANNA);
    const response = certificate.answer(challenge);
    await expect(stage.answer.run({ seqnr, response }, pump)).rejects.toMatchObject({
      code: 'not-acceptable',
    });
    const again = await open({ memory: stage.memory, clock: stage.clock });
    await expect(again.fetch(certificate)).rejects.toMatchObject({
      code: 'not-acceptable',
      detail: /revoked/,
    });
  });

  it('is revoked once, by owners only, and only where it is known', async () => {
    const { stage } = await proven(certificate);
    const by = (who: string, what = fingerprint) => stage.revoke.run(what, who);
    await expect(by(pump.jid)).rejects.toMatchObject({ code: 'owner-only' });
    await expect(by(ANNA, 'ab')).rejects.toMatchObject({ code: 'item-not-found' });
    await by(ANNA);
    await by(ANNA);
    expect(await stage.cleared()).toHaveLength(2);
  });

  it('counts for nothing in an answer that was on its way', async () => {
    const { stage, token } = await proven(certificate);
    stage.clock.advance(HOUR);
    const asked = identify(stage, token);
    const { challenge, answer } = await stage.next();
    await stage.revoke.run(fingerprint, ANNA);
    answer(certificate.answer(challenge));
    expect(await asked).toEqual([]);
  });
});

describe('a certificate that ends', () => {
  const short = new TestCertificate({ name: 'Short', notAfter: start + DAY });

  it('speaks for nobody from then on, and what has rules about it hears so once', async () => {
    const { stage, token } = await proven(short);
    stage.clock.advance(DAY - 1);
    await settled(stage);
    expect(await stage.cleared()).toEqual([]);
    stage.clock.advance(HOUR);
    expect(await identify(stage, token)).toEqual([]);
    await settled(stage);
    expect((await stage.cleared()).sort()).toEqual([...concerned].sort());
    stage.clock.advance(DAY);
    await settled(stage);
    expect(await stage.cleared()).toHaveLength(2);
    expect(await stage.audited()).toContain(`certificate hub ${short.fingerprint}: expired`);
  });

  it('is noticed at the start where it ended while the hub did not run', async () => {
    const { stage, token } = await proven(short);
    stage.watch.stop();
    const later = new ManualClock(start + 2 * DAY);
    const again = await open({ memory: stage.memory, clock: later });
    await settled(again);
    expect((await again.cleared()).sort()).toEqual([...concerned].sort());
    expect(await identify(again, token)).toEqual([]);
  });

  it('abuse 74: is good again where the clock is set right, and what has rules about it hears so', async () => {
    const { stage, token } = await proven(short);
    stage.watch.stop();
    const wrong = await open({ memory: stage.memory, clock: new ManualClock(start + 50 * 365 * DAY) });
    await settled(wrong);
    wrong.watch.stop();
    const right = await open({ memory: stage.memory, clock: new ManualClock(start + HOUR) });
    await settled(right);
    expect(await right.cleared()).toHaveLength(4);
    const asked = identify(right, token);
    const { challenge, answer } = await right.next();
    answer(short.answer(challenge));
    expect(await asked).toEqual([short.fingerprint]);
  });

  it('abuse 74: is not judged while the time is not known; what was good stays so, what had ended does not', async () => {
    const { stage, token } = await proven(short);
    stage.known.time = false;
    stage.clock.advance(2 * DAY);
    await settled(stage);
    expect(await stage.cleared()).toEqual([]);
    const asked = identify(stage, token);
    const { challenge, answer } = await stage.next();
    answer(short.answer(challenge));
    expect(await asked).toEqual([short.fingerprint]);
    stage.known.time = true;
    stage.clock.advance(60_000);
    await settled(stage);
    expect(await stage.cleared()).toHaveLength(2);
    stage.known.time = false;
    expect(await identify(stage, token)).toEqual([]);
  });

  it('abuse 74: makes no storm of timers, whatever the clock says', async () => {
    const { stage } = await proven(short);
    stage.known.time = false;
    stage.clock.advance(365 * DAY);
    const watching = () => stage.clock.waiting().filter((name) => name === 'end of a certificate');
    expect(watching()).toHaveLength(1);
    stage.watch.stop();
    expect(watching()).toEqual([]);
  });
});

describe('an account that is removed', () => {
  it('takes its tokens along; those of others for the same certificate stay', async () => {
    const { stage, token } = await proven(certificate);
    const other = await stage.fetch(certificate, meter);
    const keys = { salt: '', iterations: 1, storedKey: '', serverKey: '' };
    const scram = { 'SHA-1': keys, 'SHA-256': keys };
    const account = { role: 'user', scram, createdAt: 0, createdFrom: 'local' } as const;
    for (const name of ['pump', 'meter'])
      await stage.store.transact((transaction) => transaction.put(accounts, name, { name, ...account }));
    const remove = new RemoveAccount(stage.store, 'pronto.local', stage.clock);
    await remove.run('pump', ANNA);
    expect(await identify(stage, token)).toEqual([]);
    expect(stage.tokens.get(hashToken(other))).toMatchObject({ by: meter.jid });
    expect(stage.certificates.get(fingerprint)).toMatchObject({ tokens: 1 });
    expect((await stage.cleared()).sort()).toEqual([...concerned].sort());
    await remove.run('meter', ANNA);
    expect(stage.certificates.get(fingerprint)).toBeUndefined();
  });
});
