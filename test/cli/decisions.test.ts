import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../exchange/actor.js';
import { TestCertificate } from '../world/certificates.js';
import { HUB, LivingHub } from './living-hub.js';

const METER = 'meter@pronto.local';
const APP = 'app@elsewhere.example';
const TEMPERATURE = "<f n='Temperature'/>";

let hub: LivingHub;
let meter: Actor;

beforeEach(async () => {
  hub = new LivingHub();
  await hub.start();
  meter = await hub.thing('meter');
});
afterEach(() => hub.stop());

describe('questions', () => {
  it('say what is wanted, and an answer allows that and no more', async () => {
    await hub.mayRead(meter, APP, "m='true'", TEMPERATURE);
    await hub.mayControl(meter, APP, "<parameter name='Output'/>");
    await hub.isFriend(meter, APP);
    const pending = await hub.prints('pending');
    expect(pending).toContain(`1  ${APP} wants to read Temperature (momentary) of ${METER}`);
    expect(pending).toContain(`2  ${APP} wants to control Output of ${METER}`);
    expect(pending).toContain(`3  ${APP} wants to be friends with ${METER}`);
    expect(await hub.prints('pending', '--kind', 'control')).not.toContain('Temperature');
    expect(await hub.json('pending', '--kind', 'read')).toMatchObject({
      questions: [{ number: 1, wants: { categories: ['momentary'], names: ['Temperature'], behind: [] } }],
    });
    expect(await hub.prints('allow', '1')).toBe(
      `Decided: ${APP} may read Temperature (momentary) of ${METER}.\nThe thing is told. Take it back with: hearth rules remove 1\n`,
    );
    expect(await hub.mayRead(meter, APP, "m='true'", TEMPERATURE)).toBe(true);
    expect(await hub.mayRead(meter, APP, "m='true'", "<f n='Serial'/>")).toBe(false);
  });

  it('are answered with what the owner says instead', async () => {
    await hub.mayRead(meter, APP, "m='true'", TEMPERATURE);
    const text = await hub.prints(
      ...['allow', '1', '--for', 'domain', '--categories', 'momentary,historical'],
      ...['--fields', 'Temperature,Flow\\, hot', '--for-days', '7', '--daily', '22:00-6:00'],
    );
    expect(text).toContain(
      'everyone at elsewhere.example may read Temperature, Flow, hot (momentary, historical) of',
    );
    expect(text).toMatch(/, until 9 Jan \d\d:05, daily 22:00-06:00/);
    expect((await hub.json('rules')).rules).toMatchObject([
      { names: ['Temperature', 'Flow, hot'], until: '2026-01-09T03:05:05.000Z', daily: '22:00-06:00' },
    ]);
  });

  it('keep what was asked for where only the time is said; --all takes everything', async () => {
    await hub.mayRead(meter, APP, "m='true'", TEMPERATURE);
    await hub.prints('allow', '1', '--until', '2026-12-24T18:00Z');
    expect((await hub.json('rules')).rules).toMatchObject([
      { categories: ['momentary'], names: ['Temperature'], until: '2026-12-24T18:00:00.000Z' },
    ]);
    await hub.mayRead(meter, 'bob@pronto.local', "m='true'", TEMPERATURE);
    await hub.prints('allow', '2', '--all');
    const [, rule] = (await hub.json('rules')).rules;
    expect([rule.who, 'names' in rule, 'categories' in rule]).toEqual(['bob@pronto.local', false, false]);
  });

  it('are forbidden whole, or in parts', async () => {
    await hub.mayControl(meter, APP, "<parameter name='Output'/>");
    expect(await hub.prints('deny', '1', '--for', 'all', '--parameters', 'Reset')).toContain(
      `Decided: everyone may not control Reset of ${METER}.`,
    );
    await hub.mayRead(meter, APP, "m='true'");
    await hub.prints('deny', '2');
    expect(await hub.mayRead(meter, APP, "m='true'")).toBe(false);
    expect(await hub.prints('pending', '--kind', 'read')).toBe('No such questions wait.\n');
  });

  it('about nodes are answered for other nodes too', async () => {
    const rack = await hub.thing('rack', ['a', 'b', 'c d']);
    await hub.mayRead(rack, APP, "m='true'", "<nd id='a'/>");
    const text = await hub.prints('allow', '1', '--nodes', 'b,c%20d');
    expect(text).toBe(
      `Decided: ${APP} may read momentary fields of rack@pronto.local#b.\nThe same about rack@pronto.local#c%20d.\nThe device is told. Each is a rule of its own: hearth rules\n`,
    );
    await hub.mayRead(rack, APP, "m='true'", "<nd id='a'/><nd id='b'/>");
    await hub.mayRead(rack, 'bob@pronto.local', "m='true'", "<nd id='a'/>");
    const [{ number }] = (await hub.json('pending')).questions;
    expect((await hub.json('allow', String(number), '--nodes', '*')).things).toEqual(['rack@pronto.local']);
    expect(await hub.prints('things', 'show', 'rack@pronto.local#b')).toContain('rack@pronto.local#b');
  });

  it('name who stands behind their tokens, never the tokens', async () => {
    const grafana = new TestCertificate({ name: 'grafana' });
    const token = await hub.token(await hub.arrives('grafana'), grafana);
    await hub.prints('services', 'name', grafana.fingerprint.slice(0, 12), 'Grafana');
    await hub.mayRead(meter, APP, `m='true' st='${token} other:unknown'`);
    const pending = await hub.run('pending');
    expect(pending.output).toContain(
      `with tokens of the service Grafana (${grafana.fingerprint.slice(0, 16)}…)`,
    );
    expect(JSON.stringify(await hub.json('pending'))).not.toContain(token);
    expect(await hub.prints('allow', '1', '--for', 'service')).toContain('Decided: the service Grafana (');
    await hub.mayRead(meter, 'eve@pronto.local', "m='true'");
    const [{ number }] = (await hub.json('pending')).questions;
    expect(await hub.refuses('allow', String(number), '--for', 'service')).toContain('No service token');
  });

  it('refuse what does not fit them, with what to do', async () => {
    await hub.mayControl(meter, APP, "<parameter name='Output'/>");
    await hub.isFriend(meter, APP);
    const refused = (...words: string[]) => hub.refuses('allow', ...words);
    expect(await refused('1', '--fields', 'A')).toContain('this is about control');
    expect(await refused('2', '--parameters', 'A')).toContain('this is about friendship');
    expect(await refused('2', '--nodes', 'a')).toContain('it has no nodes');
    expect(await refused('2', '--for', 'user')).toContain('goes by addresses');
    expect(await refused('1', '--all', '--parameters', 'A')).toContain('--all means everything');
    expect(await refused('1', '--categories', 'momentery')).toContain('Did you mean "momentary"?');
    expect(await refused('1', '--until', '2026-02-30T10:00')).toContain('--until is a time such as');
    expect(await refused('1', '--until', '2025-12-24T10:00')).toContain('is past already');
    expect(await refused('1', '--until', '2027-01-01T00:00', '--for-days', '3')).toContain('one of --until');
    expect(await refused('1', '--daily', '8-18')).toContain('Write it as 08:00-18:00.');
    expect(await refused('1', '--daily', '08:00-08:00')).toContain('begins when it ends');
    expect(await refused('1', '--parameters', 'A,,B')).toContain('has an empty name');
    expect(await refused('7')).toContain('See: hearth pending');
    expect((await hub.json('rules')).rules).toEqual([]);
  });

  it('abuse 69: names of strangers cannot steer the terminal', async () => {
    await hub.mayRead(meter, APP, "m='true'", "<f n='&#x202e;Temperature'/>");
    expect(await hub.prints('pending')).toContain('read \\u{202e}Temperature (momentary) of');
    expect(await hub.prints('allow', '1')).toContain('read \\u{202e}Temperature (momentary) of');
    expect(await hub.prints('rules')).not.toContain('\u202e');
    const explained = await hub.prints('explain', METER, APP, 'read', '--field', '\u202eTemperature');
    expect(explained).not.toContain('\u202e');
  });
});

describe('rules', () => {
  it('are made without a question, for everyone whom a rule can name', async () => {
    const pump = new TestCertificate({ name: 'pump' });
    await hub.token(await hub.arrives('pump'), pump);
    const [digits] = [pump.fingerprint.slice(0, 16)];
    await hub.prints('services', 'name', pump.fingerprint, 'Heating');
    const add = async (...words: string[]) =>
      (await hub.prints('rules', 'add', METER, ...words)).split('\n')[0];
    expect(await add('read', '@pronto.local', '--fields', 'Flow')).toBe(
      `Decided: everyone at pronto.local may read Flow of ${METER}.`,
    );
    expect(await add('control', 'everyone', '--deny')).toBe(`Decided: everyone may not control ${METER}.`);
    expect(await add('friend', 'Bob@PRONTO.local')).toBe(
      `Decided: bob@pronto.local may be friends with ${METER}.`,
    );
    expect(await add('read', 'service:Heating')).toBe(
      `Decided: the service Heating (${digits}…) may read ${METER}.`,
    );
    expect(await add('read', 'device:pump@pronto.local')).toBe(
      `Decided: the device of pump@pronto.local (${digits}…) may read ${METER}.`,
    );
    expect(await add('read', `user:${digits}/anna x`)).toBe(
      `Decided: the user anna x of Heating (${digits}…) may read ${METER}.`,
    );
    const list = await hub.prints('rules', '--kind', 'control');
    expect(list).toMatch(
      /^ID +RULE +WHEN +BY +SINCE\n2 +everyone may not control .* always +anna@pronto.local/,
    );
    expect((await hub.json('rules', '--thing', METER)).rules).toHaveLength(6);
    await hub.prints('rules', 'remove', '2');
    expect(await hub.prints('rules', '--kind', 'control')).toBe('No such rules.\n');
  });

  it('refuse whom nobody knows, and what cannot be', async () => {
    const refused = (...words: string[]) => hub.refuses('rules', 'add', ...words);
    expect(await refused(METER, 'read', 'service:Grafana')).toContain('There is no service "Grafana".');
    expect(await refused(METER, 'read', 'device:ab12cd34')).toContain('No certificate begins with ab12cd34');
    expect(await refused(METER, 'read', 'device:bob@pronto.local')).toContain('has no token');
    expect(await refused(METER, 'read', 'user:anna')).toContain('user:SERVICE/NAME');
    expect(await refused(METER, 'friend', `service:${'a'.repeat(64)}`)).toContain('goes by addresses');
    expect(await refused(`${METER}#node`, 'friend', APP)).toContain('with the whole account');
    expect(await refused(METER, 'read', 'not an address')).toContain('XMPP address');
    expect(await refused(METER, 'read', 'bob')).toContain('"bob" is no address. Write it as bob@DOMAIN');
    expect(await hub.refuses('explain', METER, 'bob', 'read')).toContain('"bob" is no address.');
    expect(await refused(METER, 'read', 'anna@pronto.local', '--deny')).toContain(
      `anna@pronto.local owns ${METER}`,
    );
    expect(await refused('desk@pronto.local', 'read', APP)).toContain('no such thing');
    expect(await refused(METER, 'write', APP)).toContain('none of read, control, friend');
    const stranger = await hub.arrives('lamp');
    await hub.asks(stranger, "<register xmlns='urn:nf:iot:disco:1.0'><str name='KEY' value='k'/></register>");
    expect(await refused('lamp@pronto.local', 'read', APP)).toContain('Claim it first');
    expect((await hub.json('rules')).rules).toEqual([]);
  });

  it('about several nodes are made for all of them or for none', async () => {
    const rack = await hub.thing('rack', ['a', 'b']);
    await hub.asks(
      rack,
      "<register xmlns='urn:nf:iot:disco:1.0' id='c'><str name='KEY' value='c'/></register>",
    );
    await hub.prints('accounts', 'add', 'bert', '--owner');
    await hub.prints('claim', 'iotdisco:KEY=c', '--owner', 'bert@pronto.local');
    const add = ['rules', 'add', 'rack@pronto.local', 'read', APP];
    expect(await hub.refuses(...add, '--nodes', 's/a')).toContain(
      'There is no rack@pronto.local#s/a. Is it rack@pronto.local#a? See: hearth things',
    );
    expect(await hub.refuses('things', 'show', 'rack@pronto.local')).toContain(
      'Behind rack@pronto.local are rack@pronto.local#a, rack@pronto.local#b, rack@pronto.local#c.',
    );
    expect(await hub.refuses(...add, '--nodes', 'a,c')).toContain('rack@pronto.local#c is not yours');
    expect((await hub.json('rules')).rules).toEqual([]);
    expect((await hub.json(...add, '--nodes', 'a,b,a')).things).toHaveLength(2);
    expect((await hub.json(...add, '--nodes', 'c')).by).toBe('bert@pronto.local');
    expect(await hub.refuses(...add)).toContain('--owner JID');
    expect((await hub.json(...add, '--owner', 'bert@pronto.local')).things).toEqual(['rack@pronto.local']);
  });

  it('show that they are over or not in force now', async () => {
    await hub.prints('rules', 'add', METER, 'read', APP, '--daily', '00:00-00:01');
    expect((await hub.json('rules')).rules[0].standing).toBe('waits');
    expect(await hub.prints('rules')).toContain('daily 00:00-00:01 (not now)');
  });
});

describe('friends', () => {
  it('are listed with the rule that lets them in, and who is connected', async () => {
    const bob = await hub.arrives('bob');
    await hub.prints('rules', 'add', METER, 'friend', 'bob@pronto.local');
    await hub.prints('rules', 'add', METER, 'friend', '@pronto.local', '--deny');
    const before = await hub.prints('friends', METER);
    expect(before).toMatch(/anna@pronto.local +allowed, not friends yet +the owner +the thing\n/);
    expect(before).toMatch(/everyone at pronto.local +not allowed +rule 2 /);
    await hub.prints('rules', 'remove', '2');
    bob.sends(`<presence type='subscribe' to='${METER}'/>`);
    await meter.receives("<presence type='subscribe' from='bob@pronto.local'/>");
    meter.sends("<presence type='subscribed' to='bob@pronto.local'/>");
    await bob.receives(`<presence from='${meter.jid}'/>`);
    expect(await hub.prints('friends')).toMatch(/bob@pronto.local +one-sided +rule 1 +both\n/);
    expect((await hub.json('friends', METER)).friends).toHaveLength(2);
    expect(await hub.refuses('friends', 'desk@pronto.local')).toContain('no such thing');
  });
});

describe('explain', () => {
  it('says which rule, and what to type', async () => {
    expect(await hub.prints('explain', METER, APP, 'friend')).toBe(
      `No: ${APP} may not be friends with ${METER}.\nBecause: no rule\nTo change it:\n  hearth rules add ${METER} friend ${APP}\n`,
    );
    await hub.mayRead(meter, APP, "m='true'", TEMPERATURE);
    expect(await hub.prints('explain', METER, APP, 'read', '--field', 'Flow, hot')).toContain(
      `  hearth allow 1, or: hearth deny 1\n  hearth rules add ${METER} read ${APP} --fields 'Flow\\, hot'\n`,
    );
    await hub.prints('allow', '1');
    const part = await hub.prints('explain', METER, APP, 'read', '--field', 'Temperature', '--field', 'Flow');
    expect(part).toContain(`In part: ${APP} may only partly read Temperature, Flow of ${METER}.`);
    expect(part).toContain('What is allowed: read Temperature (momentary) of it\n');
    await hub.prints('rules', 'add', METER, 'control', APP);
    const yes = await hub.prints('explain', METER, APP, 'control');
    expect(yes).toMatch(/^Yes: .* may control .*\.\nBecause: rule 2\n +rule 2 /);
    expect(yes).toContain('hearth rules remove 2\n');
    expect(yes).toContain(`hearth rules add ${METER} control ${APP} --deny\n`);
  });

  it('names what really changes it: not the address where a token decides, nothing for an owner', async () => {
    const grafana = new TestCertificate({ name: 'grafana' });
    await hub.token(await hub.arrives('grafana'), grafana);
    await hub.prints('services', 'name', grafana.fingerprint, 'Grafana');
    await hub.prints('rules', 'add', METER, 'read', 'service:Grafana');
    const asked = ['explain', METER, APP, 'read', '--service', 'Grafana'];
    const hint = `hearth rules add ${METER} read service:${grafana.fingerprint.slice(0, 16)} --deny`;
    expect(await hub.prints(...asked)).toMatch(
      new RegExp(`To change it:\n  hearth rules remove 1\n  ${hint}\n$`),
    );
    await hub.prints(...hint.split(' ').slice(1));
    expect(await hub.prints(...asked)).toMatch(/^No: /);
    await hub.prints(...hint.split(' ').slice(1, -1));
    expect(await hub.prints(...asked)).toMatch(/^Yes: /);
    await hub.prints('tokens', 'revoke', grafana.fingerprint);
    expect(await hub.prints(...asked)).toMatch(
      /^No: .*\nBecause: no rule\nNot counted: the service Grafana \(.*…\), whose /,
    );
    expect(await hub.prints('explain', METER, 'anna@pronto.local', 'read')).toMatch(
      /Because: the owner\nNo rule changes that\.\n$/,
    );
    await hub.prints('rules', 'add', METER, 'control', 'everyone', '--deny');
    const denied = await hub.prints('explain', METER, APP, 'control');
    expect(denied).toMatch(
      new RegExp(
        `To change it:\n  hearth rules remove \\d, and then: hearth rules add ${METER} control ${APP}\n$`,
      ),
    );
  });

  it('tells by which token, with its name', async () => {
    const grafana = new TestCertificate({ name: 'grafana' });
    await hub.token(await hub.arrives('grafana'), grafana);
    await hub.prints('services', 'name', grafana.fingerprint, 'Grafana');
    await hub.prints('rules', 'add', METER, 'read', 'service:Grafana');
    expect(await hub.prints('explain', METER, APP, 'read')).toContain('No: ');
    const explained = await hub.prints('explain', METER, APP, 'read', '--service', 'Grafana');
    expect(explained).toContain(
      `Because: rule 1, the service Grafana (${grafana.fingerprint.slice(0, 16)}…)\n`,
    );
    expect(await hub.refuses('explain', METER, APP, 'read', '--parameter', 'x')).toContain(
      'does not go with',
    );
    expect(await hub.refuses('explain', METER, APP, 'friend', '--field', 'x')).toContain('no fields');
    expect(await hub.refuses('explain', 'desk@pronto.local', APP, 'read')).toContain('no such thing');
  });
});

describe('devices', () => {
  it('are guarded, or left to the configuration', async () => {
    expect(await hub.prints('guard', METER)).toBe(
      `The hub lets everybody speak to ${METER}, as the configuration says.\n`,
    );
    expect(await hub.prints('guard', METER, 'on')).toBe(`The hub keeps strangers away from ${METER}.\n`);
    const eve = await hub.arrives('eve');
    eve.sends(`<iq type='get' id='v' to='${meter.jid}'><query xmlns='jabber:iq:version'/></iq>`);
    await eve.receives("<iq type='error' id='v'/>");
    expect(await hub.json('guard', METER, 'default')).toMatchObject({ value: 'default', holds: false });
    expect(await hub.prints('secondary-trust', METER, 'on')).toContain('are allowed to meter@pronto.local.');
    expect(await hub.refuses('guard', METER, 'maybe')).toContain('none of on, off, default');
    expect(await hub.refuses('guard', `${METER}#node`, 'on')).toContain('for the whole account');
    expect(await hub.refuses('guard', 'desk@pronto.local')).toContain('no such thing');
  });

  it('are asked for their friendship, while somebody is there to press the button', async () => {
    const pump = await hub.arrives('pump');
    const text = await hub.prints('befriend', 'pump@pronto.local');
    expect(text).toContain('press its button');
    await pump.receives(`<presence type='subscribe' from='${HUB}'/>`);
    await pump.leaves();
    await hub.audited('befriend');
    expect(await hub.refuses('befriend', 'desk@pronto.local')).toContain('is not connected now');
    expect(await hub.refuses('befriend', 'no address')).toContain('XMPP address');
  });
});
