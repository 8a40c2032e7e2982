import { describe, expect, it, vi } from 'vitest';
import { type LinkActor, LinkStage } from './link-stage.js';

const DISCO = 'urn:nf:iot:disco:1.0';
const DEVICE = 'urn:nf:iot:prov:d:1.0';
const LAMP = 'lamp@desk';
const [OLD, NEW] = ['a'.repeat(64), 'b'.repeat(64)];

const register = `<register xmlns='${DISCO}'><str name='KEY' value='lamp key'/><str name='CLASS' value='lamp'/></register>`;
const unregister = `<unregister xmlns='${DISCO}'/>`;
const disown = `<disown xmlns='${DISCO}' jid='${LAMP}'/>`;
const mine = `<mine xmlns='${DISCO}'><str name='KEY' value='lamp key'/><str name='CLASS' value='lamp'/></mine>`;
const isFriend = `<isFriend xmlns='${DEVICE}' jid='anna@pronto.local'/>`;

/** Somebody who must be let in. */
function letIn(actor: LinkActor | undefined): LinkActor {
  if (actor === undefined) throw new Error('refused');
  return actor;
}

/** The lamp registers and anna claims it. */
async function withLamp(certificate?: string) {
  const stage = await LinkStage.open();
  const lamp = letIn(stage.speaks(LAMP, certificate));
  expect((await lamp.asks(register)).attribute('type')).toBe('result');
  await stage.prints('claim', 'iotdisco:KEY=lamp key;CLASS=lamp');
  const claimed = await lamp.receives(`<iq type='set'><claimed xmlns='${DISCO}'/></iq>`);
  lamp.sends(`<iq type='result' id='${claimed.attribute('id')}' to='hub.pronto.local'/>`);
  return { stage, lamp };
}

describe('a thing on the link', () => {
  it('registers, is claimed with its KEY by an owner, and asks, by its name alone', async () => {
    const { stage, lamp } = await withLamp();
    const answer = await lamp.asks(isFriend, 'get');
    expect(answer.child('isFriendResponse', DEVICE)?.attribute('result')).toBe('true');
    const shown = await stage.prints('things', 'show', LAMP);
    expect(shown).toMatch(/^State +connected on the link, without any server, known by its name alone$/m);
    expect(shown).not.toContain('Certificate');
  });

  it('by its name alone cannot leave once it is claimed, nor own, and reads how it could', async () => {
    const { stage, lamp } = await withLamp();
    const refused = async (payload: string) => {
      const reply = await lamp.asks(payload);
      expect(reply.attribute('type')).toBe('error');
      return reply
        .child('error', 'jabber:client')
        ?.child('text', 'urn:ietf:params:xml:ns:xmpp-stanzas')
        ?.text();
    };
    expect(await refused(unregister)).toContain('Register there over TLS with a certificate of your own');
    expect(await refused(disown)).toContain('Log in to an account of this hub');
    expect(await refused(mine)).toContain('hearth accounts add NAME');
    expect(await stage.prints('things')).toContain('anna@pronto.local');
  });

  it('abuse 57: is impersonated in vain; its owner is told, and takes its new certificate', async () => {
    const { stage, lamp } = await withLamp(OLD);
    expect(await stage.prints('things', 'show', LAMP)).toMatch(
      /^State +connected on the link, .*, with its certificate$/m,
    );
    expect(await stage.prints('things')).toMatch(/ connected +CLASS/);
    expect(stage.speaks(LAMP)).toBeUndefined();
    const inClear = await stage.prints('things', 'show', LAMP);
    const [, stay = ''] = inClear.match(/^Refused +somebody without .* fine: hearth (.*)$/m) ?? [];
    expect(await stage.prints('things', '--public')).not.toContain('unclear');
    expect(await stage.prints(...stay.split(' '))).toContain('already');
    expect(await stage.prints('things')).not.toContain('unclear');
    expect(stage.speaks(LAMP, NEW)).toBeUndefined();
    expect(await stage.prints('things')).toMatch(/ connected, certificate unclear +CLASS/);
    await vi.waitFor(() => expect(stage.written.join()).toContain(`hearth things trust ${LAMP}`));
    expect((await lamp.asks(isFriend, 'get')).attribute('type')).toBe('result');
    const shown = await stage.prints('things', 'show', LAMP);
    expect(shown).toMatch(/^Certificate +a{16}…, since /m);
    expect(shown).toMatch(/^Refused +b{16}…\. To take it instead: hearth things trust lamp@desk$/m);
    expect(await stage.prints('things', 'trust', LAMP)).toBe(
      `lamp@desk speaks with another certificate now, and with no other.\n  was ${OLD}\n  is  ${NEW}\n`,
    );
    expect(await stage.prints('things')).not.toContain('unclear');
    expect((await lamp.asks(isFriend, 'get')).attribute('type')).toBe('error');
    expect(await stage.prints('things', 'show', LAMP)).toContain(
      'its certificate is looked at when it speaks',
    );
    expect(stage.speaks(LAMP, OLD)).toBeUndefined();
    const anew = letIn(stage.speaks(LAMP, NEW));
    const answer = await anew.asks(register);
    expect(answer.child('claimed', DISCO)?.attribute('jid')).toBe('anna@pronto.local');
  });

  it('needs no certificate any more once that is forgotten', async () => {
    const { stage } = await withLamp(OLD);
    const forget = await stage.prints('things', 'trust', LAMP, '--forget');
    expect(forget).toContain('needs no certificate any more');
    expect(stage.speaks(LAMP)).toBeDefined();
    const again = await stage.run('things', 'trust', LAMP, '--forget');
    expect([again.code, again.errors]).toEqual([1, 'hearth: lamp@desk has no certificate to forget.\n']);
  });
});

describe('hearth things trust', () => {
  it('says what it lacks', async () => {
    const { stage } = await withLamp(OLD);
    const errors = async (...words: string[]) => (await stage.run('things', 'trust', ...words)).errors;
    expect(await errors(LAMP)).toContain('Nothing was refused under lamp@desk since this hub started.');
    expect(await errors('desk@desk')).toContain('There is no such thing. See: hearth things');
    expect(await errors(LAMP, '--fingerprint', 'zz')).toContain('"zz" is no fingerprint.');
    expect(await errors(LAMP, '--fingerprint', OLD, '--forget')).toContain('not both');
    expect(await errors('anna@pronto.local')).toContain('There is no such thing.');
    expect(await errors()).toContain('ADDRESS');
    expect(await stage.prints('things', 'trust', LAMP, '--fingerprint', OLD)).toContain('already');
  });

  it('answers programs with JSON', async () => {
    const { stage } = await withLamp(OLD);
    stage.speaks(LAMP, NEW);
    const json = JSON.parse(await stage.prints('things', 'trust', LAMP, '--json'));
    expect(json).toEqual({ address: LAMP, before: OLD, now: NEW });
    const shown = JSON.parse(await stage.prints('things', 'show', LAMP, '--json'));
    expect(shown.pin).toMatchObject({ certificate: NEW, refused: [] });
    expect(shown.reached).toEqual([{ edge: 'link-local', assurance: 'unverified' }]);
    stage.speaks(LAMP, NEW);
    const anew = JSON.parse(await stage.prints('things', 'show', LAMP, '--json'));
    expect(anew.reached).toEqual([{ edge: 'link-local', assurance: 'certificate' }]);
  });
});
