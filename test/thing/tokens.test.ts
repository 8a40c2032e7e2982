import { constants, createHash, createPrivateKey, publicEncrypt, X509Certificate } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { certificateShape } from '../../src/domain/certificate-shape.js';
import type { Requester, Thing, ThingOptions } from '../../src/thing/index.js';
import { type CertificatePair, makeOwnCertificate } from '../../src/thing/own-certificate.js';
import { decryptChallenge } from '../../src/thing/tokens/decrypt-challenge.js';
import type { Element } from '../../src/xmpp/element.js';
import { HUB, PROV, ThingRig } from '../actors/thing-rig.js';
import { ownKey } from '../world/certificates.js';

const TOKENS = 'urn:nf:iot:prov:t:1.0';
const SD = 'urn:xmpp:iot:sensordata';
const METER = 'meter@attic.local/thing';
const SERVICE = 'service@attic.local/app';
const FORBIDDEN = '<error><forbidden xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the tokens of a thing', () => {
  const rig = new ThingRig();
  let pair: CertificatePair;

  beforeAll(async () => {
    pair = await makeOwnCertificate('lamp');
  });

  afterEach(() => rig.unplug());

  const encrypt = (text: string, certificate = pair.certificate): string =>
    publicEncrypt(
      { key: certificate, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
      Buffer.from(text),
    ).toString('base64');
  const reply = (iq: Element, payload: string) =>
    rig.hub.sends(
      `<iq type="result" from="${iq.attribute('to')}" to="{jid}" id="${iq.attribute('id')}">${payload}</iq>`,
    );

  /** The hub gives the thing a token; returns the certificate that the thing showed, as PEM. */
  const giveToken = async (token = 'OWN'): Promise<string> => {
    const iq = await rig.hub.receives(`<iq type="get" to="${HUB}"><getToken xmlns="${TOKENS}"/></iq>`);
    const shown = iq.elements()[0]?.text() ?? '';
    const certificate = `-----BEGIN CERTIFICATE-----\n${shown}\n-----END CERTIFICATE-----\n`;
    reply(
      iq,
      `<getTokenChallenge xmlns="${TOKENS}" seqnr="7">${encrypt('secret', certificate)}</getTokenChallenge>`,
    );
    const answer = await rig.hub.receives(
      `<iq type="get"><getTokenChallengeResponse xmlns="${TOKENS}" seqnr="7">${base64('secret')}</getTokenChallengeResponse></iq>`,
    );
    reply(answer, `<getTokenResponse xmlns="${TOKENS}" token="${token}"/>`);
    return certificate;
  };

  const online = async (changes: Partial<ThingOptions> = {}): Promise<Thing> => {
    await rig.plugIn();
    const thing = rig.make({ certificate: pair, ...changes });
    await rig.online(thing);
    return thing;
  };

  /** The meter gets a request to be read, and says that there is nothing. */
  const meterRead = async (): Promise<Element> => {
    const iq = await rig.hub.receives(`<iq type="get" to="${METER}"><req xmlns="${SD}"/></iq>`);
    const seqnr = iq.elements()[0]?.attribute('seqnr');
    reply(iq, `<accepted xmlns="${SD}" seqnr="${seqnr}"/>`);
    rig.hub.sends(`<message from="${METER}" to="{jid}"><done xmlns="${SD}" seqnr="${seqnr}"/></message>`);
    return iq;
  };

  let id = 0;
  const challenge = (from: string, token: string, text: string, type = 'get', ns = TOKENS): string => {
    const key = `ch${id++}`;
    rig.hub.sends(
      `<iq type="${type}" from="${from}" to="{jid}" id="${key}"><tokenChallenge xmlns="${ns}" token="${token}">${text}</tokenChallenge></iq>`,
    );
    return key;
  };
  const answered = (key: string, text: string, ns = TOKENS) =>
    rig.hub.receives(
      `<iq type="result" id="${key}"><tokenChallengeResponse xmlns="${ns}">${base64(text)}</tokenChallengeResponse></iq>`,
    );
  const forbidden = (key: string) => rig.hub.receives(`<iq type="error" id="${key}">${FORBIDDEN}</iq>`);

  it('gets one when it first reads another, sends it along, and answers for it within a minute', async () => {
    const thing = await online();
    const reading = thing.read(METER);
    await giveToken();
    const req = await meterRead();
    expect(req.elements()[0]?.attribute('deviceToken')).toBe('OWN');
    expect(await reading).toEqual({ readings: [], failures: [] });
    await answered(challenge(METER, 'OWN', encrypt('doubt')), 'doubt');
    await answered(challenge(METER, 'OWN', encrypt('set'), 'set'), 'set');
    await answered(
      challenge(METER, 'OWN', encrypt('old'), 'get', 'urn:xmpp:iot:provisioning'),
      'old',
      'urn:xmpp:iot:provisioning',
    );
    rig.clock.advance(59_000);
    await answered(challenge(METER, 'OWN', encrypt('late')), 'late');
    const bad = challenge(METER, 'OWN', base64('nonsense'));
    await rig.hub.receives(
      `<iq type="error" id="${bad}"><error><bad-request xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
  });

  it('abuse 40: answers nobody to whom the token was not sent within the last minute', async () => {
    const thing = await online();
    const reading = thing.read(METER);
    await giveToken();
    await meterRead();
    await reading;
    for (const from of ['eve@attic.local/x', HUB, 'meter@attic.local', 'meter@attic.local/other'])
      await forbidden(challenge(from, 'OWN', encrypt('x')));
    await forbidden(challenge(METER, 'OTHER', encrypt('x')));
    rig.clock.advance(60_000);
    await rig.hub.receives('<iq type="get" to="attic.local"><ping xmlns="urn:xmpp:ping"/></iq>');
    await forbidden(challenge(METER, 'OWN', encrypt('x')));
  });

  it('keeps its token over a restart, and gets a new one with another certificate', async () => {
    const thing = await online();
    const reading = thing.read(METER);
    await giveToken();
    await meterRead();
    await reading;
    await thing.stop();
    const second = rig.make({ certificate: pair });
    await rig.online(second);
    const again = second.read(METER);
    expect((await meterRead()).elements()[0]?.attribute('deviceToken')).toBe('OWN');
    await again;
    await second.stop();
    const other = await makeOwnCertificate('lamp');
    const third = rig.make({ certificate: other });
    await rig.online(third);
    const last = third.read(METER);
    expect(new X509Certificate(await giveToken('NEW')).raw).toEqual(
      new X509Certificate(other.certificate).raw,
    );
    expect((await meterRead()).elements()[0]?.attribute('deviceToken')).toBe('NEW');
    await last;
    expect(JSON.stringify(rig.log.lines)).not.toContain('NEW');
  });

  it('makes itself a certificate where its maker gave none, and keeps it', async () => {
    await rig.plugIn();
    const thing = rig.make();
    await rig.online(thing);
    const reading = thing.read(METER);
    const made = new X509Certificate(await giveToken());
    await meterRead();
    await reading;
    expect(made.subject).toBe('CN=lamp');
    await thing.stop();
    await thing.forget();
    const kept = JSON.parse(String(await rig.files.read('/var/lib/lamp/tokens.json')));
    expect(kept).toEqual({ tokens: [] });
  });

  it('goes without where the server gives none, and does not ask again at once', async () => {
    const thing = await online();
    const reading = thing.read(METER);
    const iq = await rig.hub.receives(`<iq type="get"><getToken xmlns="${TOKENS}"/></iq>`);
    rig.hub.sends(
      `<iq type="error" from="${HUB}" to="{jid}" id="${iq.attribute('id')}"><error type="modify"><not-acceptable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`,
    );
    expect((await meterRead()).elements()[0]?.attribute('deviceToken')).toBeUndefined();
    await reading;
    const again = thing.read(METER);
    await meterRead();
    await again;
  });

  describe('that it passes on', () => {
    let requester: Requester | undefined;
    const fields: ThingOptions['fields'] = [
      {
        name: 'Relayed',
        read: (from) => {
          requester = from;
          return 1;
        },
      },
    ];

    /** The service reads the lamp with its token, as the hub allows. */
    const serviceReads = async (): Promise<Requester> => {
      rig.hub.sends(
        `<iq type="get" from="${SERVICE}" to="{jid}" id="r"><req xmlns="${SD}" seqnr="1" serviceToken="SRV" userToken="U1 U2"/></iq>`,
      );
      const asked = await rig.answerMay('Read', 'service@attic.local', 'result="true" all="true"');
      expect({ ...asked.elements()[0]?.attributes }).toMatchObject({ st: 'SRV', ut: 'U1 U2' });
      await rig.hub.receives('<iq type="result" id="r"/>');
      rig.clock.advance(0);
      await rig.hub.receives(`<message to="${SERVICE}"><fields xmlns="${SD}" done="true"/></message>`);
      if (requester === undefined) throw new Error('nobody read');
      return requester;
    };

    it('goes along with its own, and challenges go to their origin and to nobody else', async () => {
      const thing = await online({ fields });
      const from = await serviceReads();
      expect(from).toEqual({ jid: SERVICE, tokens: { service: ['SRV'], device: [], user: ['U1', 'U2'] } });
      const reading = thing.read(METER, { requester: from, tokens: { user: ['U3'] } });
      await giveToken();
      expect({ ...(await meterRead()).elements()[0]?.attributes }).toMatchObject({
        serviceToken: 'SRV',
        deviceToken: 'OWN',
        userToken: 'U1 U2 U3',
      });
      await reading;
      const key = challenge(METER, 'SRV', encrypt('x'));
      const passedOn = await rig.hub.receives(
        `<iq type="get" to="${SERVICE}"><tokenChallenge xmlns="${TOKENS}" token="SRV"/></iq>`,
      );
      // The same challenge does not go round in circles.
      await forbidden(challenge(METER, 'SRV', passedOn.elements()[0]?.text() ?? ''));
      reply(passedOn, `<tokenChallengeResponse xmlns="${TOKENS}">${base64('x')}</tokenChallengeResponse>`);
      await answered(key, 'x');
      // What its program brought itself has no origin, and others were not sent it.
      await forbidden(challenge(METER, 'U3', encrypt('x')));
      await forbidden(challenge('eve@attic.local/x', 'SRV', encrypt('x')));
      await forbidden(challenge(SERVICE, 'SRV', encrypt('x')));
      expect(rig.hub.unread.filter(({ name }) => name === 'iq')).toEqual([]);
    });

    it('abuse 40: is not challenged of another who brought the same token a moment later', async () => {
      await online({ fields });
      const req = (key: string, from: string) =>
        rig.hub.sends(
          `<iq type="get" from="${from}" to="{jid}" id="${key}"><req xmlns="${SD}" seqnr="1" serviceToken="SRV"/></iq>`,
        );
      req('r1', 'eve@attic.local/x');
      const first = await rig.hub.receives(
        `<iq type="get"><canRead jid="eve@attic.local" xmlns="${PROV}"/></iq>`,
      );
      req('r2', SERVICE);
      await rig.settle();
      const key = challenge(HUB, 'SRV', encrypt('x'));
      const toEve = await rig.hub.receives(
        `<iq type="get" to="eve@attic.local/x"><tokenChallenge xmlns="${TOKENS}"/></iq>`,
      );
      reply(toEve, `<tokenChallengeResponse xmlns="${TOKENS}">${base64('y')}</tokenChallengeResponse>`);
      await answered(key, 'y');
      expect(rig.hub.unread.filter(({ name }) => name === 'iq')).toEqual([]);
      reply(first, `<canReadResponse xmlns="${PROV}" jid="eve@attic.local" result="false"/>`);
      await rig.hub.receives('<iq type="error" id="r1"/>');
      await rig.answerMay('Read', 'service@attic.local', 'result="false"');
      await rig.hub.receives('<iq type="error" id="r2"/>');
    });

    it('is challenged by the hub as well, which saw it in the question; no answer is forbidden', async () => {
      await online({ fields });
      await serviceReads();
      const key = challenge(HUB, 'SRV', encrypt('x'));
      const passedOn = await rig.hub.receives(
        `<iq type="get" to="${SERVICE}"><tokenChallenge xmlns="${TOKENS}"/></iq>`,
      );
      rig.hub.sends(`<iq type="error" from="${SERVICE}" to="{jid}" id="${passedOn.attribute('id')}"><error type="cancel">
        <service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>`);
      await forbidden(key);
      const silent = challenge(HUB, 'U2', encrypt('x'));
      await rig.hub.receives(
        `<iq type="get" to="${SERVICE}"><tokenChallenge xmlns="${TOKENS}" token="U2"/></iq>`,
      );
      rig.clock.advance(20_000);
      await forbidden(silent);
    });
  });

  it('refuses certificates that are of no use', async () => {
    await rig.plugIn();
    const key = ownKey().export({ type: 'pkcs8', format: 'pem' }).toString();
    await expect(rig.make({ certificate: { ...pair, key } }).start()).rejects.toThrow('not that of');
    await expect(rig.make({ certificate: { ...pair, certificate: 'x' } }).start()).rejects.toThrow('PEM');
    await rig.files.write('/var/lib/lamp/tokens.json', '{"tokens":[1]}');
    await expect(rig.make().start()).rejects.toThrow('damaged');
    await rig.files.write('/var/lib/lamp/tokens.json', '{"tokens":[]}');
    await rig.files.write('/var/lib/lamp/trust.json', '{"authorities":[{"jid":"x"}],"friends":[]}');
    await expect(rig.make().start()).rejects.toThrow('damaged');
  });
});

describe('a certificate that a thing makes', () => {
  it('is sound, signed by itself, and good whatever the clock says', async () => {
    const { certificate, key } = await makeOwnCertificate('thermometer');
    const read = new X509Certificate(certificate);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(read.subject).toBe('CN=thermometer');
    expect([Date.parse(read.validFrom), Date.parse(read.validTo)]).toEqual([
      Date.UTC(2020, 0, 1),
      Date.UTC(9999, 11, 31, 23, 59, 59),
    ]);
    expect(certificateShape(read.raw)).toEqual({ name: 'SHA-256 with RSA', broken: false });
  });

  it('decrypts challenges in either padding, and nothing else', async () => {
    const { certificate, key } = await makeOwnCertificate('x');
    const privateKey = createPrivateKey(key);
    const paddings = [
      { padding: constants.RSA_PKCS1_PADDING },
      { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
    ];
    for (let round = 0; round < 20; round++) {
      const secret = createHash('sha256').update(String(round)).digest();
      for (const padding of paddings) {
        const challenge = publicEncrypt({ key: certificate, ...padding }, secret).toString('base64');
        expect(decryptChallenge(privateKey, challenge)).toBe(secret.toString('base64'));
      }
    }
    const unpadded = Buffer.alloc(256);
    unpadded[255] = 1;
    for (const bytes of [Buffer.alloc(0), Buffer.from('short'), Buffer.alloc(256, 255), unpadded])
      expect(() => decryptChallenge(privateKey, bytes.toString('base64'))).toThrow('not encrypted');
  });
});
