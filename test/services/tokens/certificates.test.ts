import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateChecks } from '../../../src/domain/certificate-checks.js';
import { certificateShape } from '../../../src/domain/certificate-shape.js';
import { HubError } from '../../../src/domain/errors.js';
import { makeCertificate } from '../../../src/edges/c2s/certificate.js';
import { CertificateReader } from '../../../src/services/tokens/certificate-reader.js';
import { TestCertificate } from '../../world/certificates.js';
import { open, pump, type Stage } from './stage.js';

const DAY = 86_400_000;
const start = Date.UTC(2026, 0, 1);

/** One value of DER. */
function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const length = content.length;
  const head =
    length < 128
      ? [length]
      : length < 65_536
        ? [0x82, length >> 8, length & 255]
        : [0x83, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

/** What asking for a token with this text comes to, and how long that takes in milliseconds. */
function refusal({ get }: Stage, certificate: string): { error: HubError; took: number } {
  const begin = performance.now();
  try {
    get.run({ certificate }, pump);
  } catch (error) {
    if (error instanceof HubError) return { error, took: performance.now() - begin };
    throw error;
  }
  throw new Error('The certificate was taken.');
}

function expectRefused(stage: Stage, certificate: string, code: string, reason: RegExp): void {
  const { error, took } = refusal(stage, certificate);
  expect(error.code).toBe(code);
  expect(error.detail).toMatch(reason);
  expect(took).toBeLessThan(50);
}

async function ellipticCertificate(): Promise<string> {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const times = { notBefore: start - DAY, notAfter: start + DAY };
  const pem = await makeCertificate({
    ...{ subject: 'Thing', issuer: 'Thing', key, signer: key, serial: Buffer.alloc(16, 1) },
    ...times,
  });
  return pem.replaceAll(/-----.*-----|\n/g, '');
}

describe('certificates that get no challenge', () => {
  it('abuse 41: expired, and not yet valid, with the day', async () => {
    const stage = await open();
    const old = new TestCertificate({ notAfter: start - 1000 });
    expectRefused(stage, old.text, 'not-acceptable', /expired on 2025-12-31/);
    const coming = new TestCertificate({ notBefore: start + DAY });
    expectRefused(stage, coming.text, 'not-acceptable', /not valid before 2026-01-02/);
  });

  it('abuse 41: RSA of 1024 bits', async () => {
    const weak = new TestCertificate({ bits: 1024 });
    expectRefused(await open(), weak.text, 'not-acceptable', /1024 bits\. Use one of 2048/);
  });

  it('abuse 41: signed by way of MD5 or SHA-1', async () => {
    const stage = await open();
    for (const [hash, name] of [
      ['md5', /MD5/],
      ['sha1', /SHA-1/],
    ] as const)
      expectRefused(stage, new TestCertificate({ hash }).text, 'not-acceptable', name);
  });

  it('abuse 41: with an EC key, and why', async () => {
    const text = await ellipticCertificate();
    expectRefused(await open(), text, 'not-acceptable', /type ec\. .*only RSA keys can do/);
  });

  it('abuse 41: 100 kB', async () => {
    const stage = await open();
    const long = Buffer.concat([new TestCertificate().der, Buffer.alloc(100_000)]);
    expectRefused(stage, long.toString('base64'), 'bad-request', /larger than 8192 bytes/);
    expectRefused(stage, `${' '.repeat(100_000)}`, 'bad-request', /larger than 8192 bytes/);
  });

  it('abuse 41: deep ASN.1, huge identifiers, many parts', async () => {
    const stage = await open();
    let deep: Buffer = Buffer.alloc(0);
    for (let level = 0; level < 1300; level++) deep = tlv(0x30, deep);
    expectRefused(stage, deep.toString('base64'), 'bad-request', /nested too deep/);
    const oid = tlv(0x30, tlv(0x30, tlv(0x06, Buffer.alloc(7000, 0x81))));
    expectRefused(stage, oid.toString('base64'), 'bad-request', /identifier that is too long/);
    const wide = tlv(0x30, ...Array.from({ length: 4000 }, () => Buffer.from([5, 0])));
    expectRefused(stage, wide.toString('base64'), 'bad-request', /too many parts/);
  });

  it('abuse 41: signed by itself, where the configuration says so', async () => {
    const strict = await open({ policy: { selfSigned: false, issued: false } });
    expectRefused(strict, new TestCertificate().text, 'not-acceptable', /signed by itself/);
    const free = await open();
    expect(free.get.run({ certificate: new TestCertificate().text }, pump).seqnr).toBe(1);
  });

  it('from others than the authorities of the configuration', async () => {
    const root = new TestCertificate({ name: 'Root' });
    const middle = new TestCertificate({ name: 'Middle', issuer: root, bits: 3072 });
    const leaf = new TestCertificate({ name: 'Leaf', issuer: middle, bits: 4096 });
    const policy = { selfSigned: false, issued: true };
    const trusting = await open({ policy, authorities: [middle] });
    expect(trusting.get.run({ certificate: leaf.text }, pump).seqnr).toBe(1);
    expect(trusting.get.run({ certificate: middle.text }, pump).seqnr).toBe(2);
    const farther = await open({ policy, authorities: [root] });
    expectRefused(farther, leaf.text, 'not-acceptable', /No authority that this hub trusts/);
    // The same name is not the same key.
    const impostor = new TestCertificate({ name: 'Middle', issuer: root });
    const forged = new TestCertificate({ name: 'Leaf', issuer: impostor });
    expectRefused(trusting, forged.text, 'not-acceptable', /No authority that this hub trusts/);
  });

  it('while the hub does not know the time', async () => {
    const stage = await open();
    stage.known.time = false;
    const { error } = refusal(stage, new TestCertificate().text);
    expect(error.code).toBe('time-unknown');
  });

  it('that are none at all', async () => {
    const stage = await open();
    const { der } = new TestCertificate();
    expectRefused(stage, 'not base64!', 'bad-request', /base64/);
    expectRefused(stage, '', 'bad-request', /base64/);
    expectRefused(stage, Buffer.from('hello').toString('base64'), 'bad-request', /./);
    expectRefused(stage, der.subarray(0, -1).toString('base64'), 'bad-request', /cut off/);
    expectRefused(
      stage,
      Buffer.concat([der, Buffer.from([0])]).toString('base64'),
      'bad-request',
      /no X\.509/,
    );
    const key = new TestCertificate().key.export({ type: 'pkcs1', format: 'der' });
    expectRefused(stage, key.toString('base64'), 'bad-request', /no X\.509/);
  });

  it('are told to the owner, each reason once', async () => {
    const stage = await open();
    const { text } = new TestCertificate({ bits: 1024 });
    for (let i = 0; i < 50; i++) refusal(stage, text);
    await stage.store.transact(() => undefined);
    const lines = (await stage.audited()).filter((line) => line.startsWith('get-token'));
    expect(lines).toEqual([
      expect.stringMatching(/^get-token pump@pronto.local certificate: no \(.*1024 bits/),
    ]);
  });
});

describe('what a certificate says', () => {
  it('is read as node-forge wrote it, with several sizes of keys', () => {
    const reader = new CertificateReader([]);
    for (const bits of [2048, 3072, 4096]) {
      const wish = {
        name: `Pump of ${bits}`,
        notBefore: start,
        notAfter: start + DAY,
        hash: 'sha512',
      } as const;
      const certificate = new TestCertificate({ ...wish, bits });
      const { facts, der } = reader.read(certificate.text);
      expect(der).toBe(certificate.text);
      expect(facts).toEqual({
        fingerprint: certificate.fingerprint,
        subject: `CN=Pump of ${bits}`,
        notBefore: start,
        notAfter: start + DAY,
        keyType: 'rsa',
        keyBits: bits,
        exponent: 65_537n,
        signature: { name: 'SHA-512 with RSA', broken: false },
        selfSigned: true,
      });
      expect(reader.kept(certificate.fingerprint)).toBe(reader.read(`\n${certificate.text} `));
    }
  });

  it('has a check for every reason, each of another name', () => {
    const names = certificateChecks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is refused with an error of the table, however its bytes are changed', () => {
    const reader = new CertificateReader([]);
    const { der } = new TestCertificate();
    const change = fc.record({ at: fc.nat(der.length - 1), to: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Buffer.from(der);
        for (const { at, to } of changes) damaged[at] = to;
        try {
          reader.read(damaged.toString('base64'));
        } catch (error) {
          expect(error).toBeInstanceOf(HubError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is walked through without an end but with an error, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          certificateShape(tlv(0x30, bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(HubError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
