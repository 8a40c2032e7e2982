import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generations } from '../../../src/domain/generation.js';
import { hashToken, newToken } from '../../../src/services/tokens/token-text.js';
import { tokens } from '../../../src/storage/keys.js';
import { ownKey, TestCertificate } from '../../world/certificates.js';
import { caller, HUB, meter, open, pump } from './stage.js';

const certificate = new TestCertificate({ name: 'Pump' });

describe('a token', () => {
  it('is given for a right answer, in every generation with its padding', async () => {
    const stage = await open();
    for (const generation of generations) {
      const token = await stage.fetch(certificate, pump, generation);
      expect(token).toMatch(/^hub\.pronto\.local:[a-z2-7]{32}$/);
      expect(stage.tokens.get(hashToken(token))).toMatchObject({
        ...{ by: pump.jid, fingerprint: certificate.fingerprint, generation },
      });
    }
    expect(stage.certificates.get(certificate.fingerprint)).toMatchObject({ subject: 'CN=Pump', tokens: 4 });
  });

  it('is challenged by the padding of the configuration where that names one', async () => {
    for (const padding of ['oaep', 'pkcs1'] as const) {
      const { get } = await open({ padding });
      for (const generation of ['xmpp', 'nfi'] as const) {
        const { challenge } = get.run({ certificate: certificate.text, generation }, pump);
        expect(Buffer.from(certificate.answer(challenge, padding), 'base64')).toHaveLength(32);
      }
    }
  });

  it('is padded as in the XEP where nothing says what the caller speaks', async () => {
    const { get } = await open();
    const { challenge } = get.run({ certificate: certificate.text }, pump);
    expect(Buffer.from(certificate.answer(challenge, 'pkcs1'), 'base64')).toHaveLength(32);
  });

  it('abuse 42: has at least 128 random bits and no white space', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 64 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const asked: number[] = [];
        const tokenOf = (content: Uint8Array) =>
          newToken(HUB, {
            id: () => 'a',
            bytes: (count) => {
              asked.push(count);
              return Buffer.from(content).subarray(0, count);
            },
          });
        expect(tokenOf(one)).toMatch(/^[^\s:]+:[^\s:]+$/);
        expect(Math.min(...asked) * 8).toBeGreaterThanOrEqual(128);
        const used = asked[0] ?? 0;
        const same = Buffer.from(one).subarray(0, used).equals(Buffer.from(other).subarray(0, used));
        expect(tokenOf(one) === tokenOf(other)).toBe(same || one === other);
      }),
    );
  });

  it('is on the disk when it is told, and there only as a hash', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    const again = await open({ memory: stage.memory, clock: stage.clock });
    expect(again.tokens.get(hashToken(token))).toMatchObject({ by: pump.jid });
    for await (const record of again.store.scan(tokens))
      expect(JSON.stringify(record)).not.toContain(token.slice(-32));
  });

  it('is one of several that stand for one certificate', async () => {
    const stage = await open();
    const mine = [await stage.fetch(certificate), await stage.fetch(certificate, meter)];
    expect(new Set(mine).size).toBe(2);
    expect(mine.map((token) => stage.tokens.get(hashToken(token))?.fingerprint)).toEqual([
      certificate.fingerprint,
      certificate.fingerprint,
    ]);
  });
});

describe('an answer', () => {
  it('that is wrong is bad-request, and ends the challenge', async () => {
    const { get, answer } = await open();
    const { seqnr, challenge } = get.run({ certificate: certificate.text }, pump);
    const wrong = { seqnr, response: Buffer.alloc(32).toString('base64') };
    await expect(answer.run(wrong, pump)).rejects.toMatchObject({ code: 'bad-request' });
    const right = { seqnr, response: certificate.answer(challenge) };
    await expect(answer.run(right, pump)).rejects.toMatchObject({ code: 'item-not-found' });
  });

  it('to what was never asked is item-not-found', async () => {
    const { answer } = await open();
    await expect(answer.run({ seqnr: 7, response: '' }, pump)).rejects.toMatchObject({
      code: 'item-not-found',
    });
  });

  it('abuse 40: after a minute is item-not-found; until then it counts', async () => {
    const { get, answer, clock } = await open();
    const asked = [1, 2].map(() => get.run({ certificate: certificate.text }, pump));
    const answers = asked.map(({ seqnr, challenge }) => ({ seqnr, response: certificate.answer(challenge) }));
    const [first, second] = answers;
    if (first === undefined || second === undefined) throw new Error('There are two.');
    clock.advance(60_000);
    await expect(answer.run(first, pump)).resolves.toBeDefined();
    clock.advance(1);
    await expect(answer.run(second, pump)).rejects.toMatchObject({ code: 'item-not-found' });
  });

  it('abuse 40: replayed is item-not-found', async () => {
    const { get, answer } = await open();
    const { seqnr, challenge } = get.run({ certificate: certificate.text }, pump);
    const right = { seqnr, response: certificate.answer(challenge) };
    await answer.run(right, pump);
    await expect(answer.run(right, pump)).rejects.toMatchObject({ code: 'item-not-found' });
  });

  it('abuse 40: of another is item-not-found, to another challenge is bad-request', async () => {
    const { get, answer } = await open();
    const one = get.run({ certificate: certificate.text }, pump);
    const two = get.run({ certificate: certificate.text }, pump);
    const response = certificate.answer(one.challenge);
    await expect(answer.run({ seqnr: one.seqnr, response }, meter)).rejects.toMatchObject({
      code: 'item-not-found',
    });
    await expect(answer.run({ seqnr: two.seqnr, response }, pump)).rejects.toMatchObject({
      code: 'bad-request',
    });
    await expect(answer.run({ seqnr: one.seqnr, response }, pump)).resolves.toBeDefined();
  });

  it('that is no answer at all leaves no token', async () => {
    const stage = await open();
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 100 }), async (response) => {
        stage.clock.advance(61_000);
        const { seqnr } = stage.get.run({ certificate: certificate.text }, pump);
        await expect(stage.answer.run({ seqnr, response }, pump)).rejects.toMatchObject({
          code: 'bad-request',
        });
      }),
    );
    expect(stage.tokens.count).toBe(0);
  });
});

describe('limits of tokens', () => {
  it('abuse 42: 10 000 requests get few challenges, and nobody else waits for them', async () => {
    const { get } = await open({ perMinute: 10 });
    let challenges = 0;
    const codes = new Set<string>();
    const begin = performance.now();
    for (let i = 0; i < 10_000; i++) {
      try {
        get.run({ certificate: certificate.text }, pump);
        challenges += 1;
      } catch (error) {
        codes.add((error as { code: string }).code);
      }
    }
    expect(challenges).toBe(5);
    expect([...codes]).toEqual(['too-many-requests']);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(get.run({ certificate: certificate.text }, meter).seqnr).toBeGreaterThan(0);
  });

  it('abuse 42: many callers together have so many challenges, and none is forgotten early', async () => {
    const { get, answer, clock } = await open({ challenges: { perAccount: 5, all: 20 } });
    const asked = Array.from({ length: 20 }, (_, i) =>
      get.run({ certificate: certificate.text }, caller(`thing${i}@pronto.local`)),
    );
    expect(() => get.run({ certificate: certificate.text }, pump)).toThrow(/Too many requests/);
    const { seqnr, challenge } = asked[0] ?? { seqnr: 0, challenge: '' };
    const response = certificate.answer(challenge);
    await expect(answer.run({ seqnr, response }, caller('thing0@pronto.local'))).resolves.toBeDefined();
    clock.advance(60_001);
    expect(get.run({ certificate: certificate.text }, pump).seqnr).toBe(21);
  });

  it('an account has so many tokens; its oldest makes room, also where they come at once', async () => {
    const stage = await open({ tokens: { perAccount: 3, all: 100 } });
    const first = await stage.fetch(certificate);
    stage.clock.advance(1000);
    const own = new TestCertificate({ key: ownKey() });
    const later = [await stage.fetch(own), await stage.fetch(own)];
    stage.clock.advance(1000);
    const last = await Promise.all([stage.fetch(own), stage.fetch(own)]);
    expect(stage.tokens.of(pump.jid)).toHaveLength(3);
    expect(stage.tokens.get(hashToken(first))).toBeUndefined();
    // With its last token the certificate is forgotten.
    expect(stage.certificates.get(certificate.fingerprint)).toBeUndefined();
    expect(stage.certificates.get(own.fingerprint)).toMatchObject({ tokens: 3 });
    for (const token of last) expect(stage.tokens.get(hashToken(token))).toBeDefined();
    expect(later.filter((token) => stage.tokens.get(hashToken(token)) !== undefined)).toHaveLength(1);
  });

  it('all accounts together have so many', async () => {
    const stage = await open({ tokens: { perAccount: 3, all: 2 } });
    await stage.fetch(certificate);
    await stage.fetch(certificate, meter);
    await expect(stage.fetch(certificate)).rejects.toMatchObject({ code: 'limit-reached' });
  });
});

describe('a certificate behind a token', () => {
  it('is given to who has the token, with or without the address before it', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    for (const spelling of [token, token.slice(HUB.length + 1)])
      expect(await stage.getCertificate.run({ token: spelling }, meter)).toEqual({
        certificate: certificate.text,
      });
  });

  it('is item-not-found for all others', async () => {
    const stage = await open();
    const token = await stage.fetch(certificate);
    for (const other of [
      '',
      HUB,
      `${HUB}:`,
      `other.local:${token.slice(HUB.length + 1)}`,
      `${token}a`,
      '__proto__',
    ])
      await expect(stage.getCertificate.run({ token: other }, meter)).rejects.toMatchObject({
        code: 'item-not-found',
      });
  });

  it('is asked for so often in a minute', async () => {
    const stage = await open({ perMinute: 5 });
    const ask = () => stage.getCertificate.run({ token: 'guess' }, meter);
    for (let i = 0; i < 5; i++) await expect(ask()).rejects.toMatchObject({ code: 'item-not-found' });
    await expect(ask()).rejects.toMatchObject({ code: 'too-many-requests' });
  });
});
