import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saslprep } from '../../src/xmpp/saslprep.js';
import { accountKeys, type ScramHash, scramKeys } from '../../src/xmpp/scram.js';
import { ScramClient } from '../../src/xmpp/scram-client.js';
import { decodeBase64, decodeSaslName, encodeSaslName } from '../../src/xmpp/scram-message.js';
import { ScramServer, type ScramServerOptions } from '../../src/xmpp/scram-server.js';

interface Vector {
  readonly hash: ScramHash;
  readonly client: string;
  readonly server: string;
  readonly salt: string;
  readonly proof: string;
  readonly signature: string;
}

const vectors: Readonly<Record<string, Vector>> = {
  'RFC 5802 §5': {
    hash: 'SHA-1',
    client: 'fyko+d2lbbFgONRv9qkxdawL',
    server: '3rfcNHYJY1ZVvWVs7j',
    salt: 'QSXCR+Q6sek8bf92',
    proof: 'v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    signature: 'rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  'RFC 7677 §3': {
    hash: 'SHA-256',
    client: 'rOprNGfwEbeRWgbNEkqO',
    server: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
    salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
    proof: 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    signature: '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
};

const plain: ScramServerOptions = {
  hash: 'SHA-256',
  plus: false,
  bindings: [],
  binding: () => undefined,
  nonce: 'server',
};

describe.each(Object.entries(vectors))('the example of %s', (_name, vector) => {
  const { hash } = vector;

  it('is what the client says, and the server proves itself to it', async () => {
    const client = new ScramClient({ hash, username: 'user', password: 'pencil', nonce: vector.client });
    expect(await client.first()).toBe(`n,,n=user,r=${vector.client}`);
    const challenge = `r=${vector.client}${vector.server},s=${vector.salt},i=4096`;
    expect(await client.respond(challenge)).toBe(
      `c=biws,r=${vector.client}${vector.server},p=${vector.proof}`,
    );
    expect(() => client.finish(`v=${vector.signature}`)).not.toThrow();
  });

  it('is what the server says', async () => {
    const keys = await scramKeys(hash, 'pencil', Buffer.from(vector.salt, 'base64'), 4096);
    const server = new ScramServer({ ...plain, hash, nonce: vector.server });
    expect(server.first(`n,,n=user,r=${vector.client}`).username).toBe('user');
    expect(server.challenge(keys)).toBe(`r=${vector.client}${vector.server},s=${vector.salt},i=4096`);
    const final = `c=biws,r=${vector.client}${vector.server},p=${vector.proof}`;
    expect(server.finish(final)).toBe(`v=${vector.signature}`);
  });
});

describe('a SCRAM client', () => {
  const make = () => new ScramClient({ hash: 'SHA-1', username: 'a,b=c', password: 'x', nonce: 'mine' });

  it('escapes commas and equals signs in the name', async () => {
    expect(await make().first()).toBe('n,,n=a=2Cb=3Dc,r=mine');
  });

  it.each([
    ['a nonce that is not its own', 'r=other1,s=AAAA,i=4096', 'refused'],
    ['a nonce without a part of the server', 'r=mine,s=AAAA,i=4096', 'refused'],
    ['so few rounds that the password can be guessed', 'r=mine1,s=AAAA,i=4095', 'refused'],
    ['so many rounds that it would be busy for minutes', 'r=mine1,s=AAAA,i=99999999', 'refused'],
    ['a salt that is no base 64', 'r=mine1,s=A,i=4096', 'malformed'],
    ['zero rounds', 'r=mine1,s=AAAA,i=0', 'malformed'],
    ['a mandatory extension', 'm=x,r=mine1,s=AAAA,i=4096', 'malformed'],
  ])('refuses %s', async (_name, challenge, kind) => {
    const client = make();
    await client.first();
    await expect(client.respond(challenge)).rejects.toMatchObject({ kind });
  });

  it.each(['', 'e=other-error', 'v=', 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ='])(
    'does not believe a server that ends with "%s"',
    async (end) => {
      const client = make();
      await client.first();
      await client.respond('r=mine1,s=AAAA,i=4096');
      expect(() => client.finish(end)).toThrow(expect.objectContaining({ kind: 'refused' }));
    },
  );
});

describe('passwords and names', () => {
  it.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
  ])('are prepared as the examples of RFC 4013 §3 say: %j', async (text, prepared) => {
    expect(await saslprep(text)).toBe(prepared);
  });

  it.each(['\u0007\u00e9', '\u0627\u0031', '', '\u00ad', 'x'.repeat(1024)])(
    'are refused if they cannot be prepared: %j',
    async (text) => {
      await expect(saslprep(text)).rejects.toMatchObject({ code: 'not-acceptable' });
    },
  );

  it('make keys with a salt of their own for each hash', async () => {
    let next = 0;
    const keys = await accountKeys('pencil', 4096, { bytes: (count) => Buffer.alloc(count, ++next) });
    expect(keys['SHA-1'].salt).not.toBe(keys['SHA-256'].salt);
    const salt = Buffer.from(keys['SHA-256'].salt, 'base64');
    expect(salt.length).toBe(16);
    expect(keys['SHA-256']).toEqual(await scramKeys('SHA-256', 'pencil', salt, 4096));
    expect(JSON.stringify(keys)).not.toContain('pencil');
  });

  it('survive the trip through a message', () => {
    fc.assert(fc.property(fc.string(), (name) => decodeSaslName(encodeSaslName(name)) === name));
  });

  it('base 64 is read strictly', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        return decodeBase64(text)?.equals(bytes) === true && decodeBase64(`${text}\n`) === undefined;
      }),
    );
    for (const bad of ['=', '====', 'A', 'QR==', 'QUI', 'QUJD=', 'QU=D', 'Q-==', 'é'])
      expect(decodeBase64(bad)).toBeUndefined();
  });
});
