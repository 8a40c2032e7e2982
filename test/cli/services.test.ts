import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../exchange/actor.js';
import { TestCertificate } from '../world/certificates.js';
import { HUB, LivingHub } from './living-hub.js';

const XEP = 'urn:xmpp:iot:provisioning';

let hub: LivingHub;
let app: Actor;
let token: string;
const certificate = new TestCertificate({ name: 'grafana' });
const digits = certificate.fingerprint.slice(0, 16);

beforeEach(async () => {
  hub = new LivingHub();
  await hub.start(['provisioning.aggregate=true']);
  app = await hub.arrives('app');
  token = await hub.token(app, certificate);
});
afterEach(() => hub.stop());

/** The service asks whether a user may use it; the token by which it speaks of him then, empty where he may not. */
async function canAccess(credential: string, id: string): Promise<string> {
  const request = `<canAccess xmlns='${XEP}' serviceToken='${token}'>${credential}</canAccess>`;
  app.sends(`<iq type='get' id='${id}' to='${HUB}'>${request}</iq>`);
  const answer = (await app.receives(`<iq id='${id}'/>`)).child('canAccessResponse', XEP);
  return answer?.attribute('userToken') ?? '';
}

/** Who uses a token for the first time is challenged; from then on he is believed for a while. */
async function provesItself(): Promise<void> {
  app.sends(`<iq type='get' id='first' to='${HUB}'><canAccess xmlns='${XEP}' serviceToken='${token}'/></iq>`);
  const iq = await app.receives(`<iq type='get'><tokenChallenge xmlns='${XEP}'/></iq>`);
  const response = certificate.answer(iq.child('tokenChallenge', XEP)?.text() ?? '');
  app.sends(
    `<iq type='result' id='${iq.attribute('id')}' to='${HUB}'><tokenChallengeResponse xmlns='${XEP}'>${response}</tokenChallengeResponse></iq>`,
  );
  await app.receives("<iq type='result' id='first'/>");
}

describe('tokens', () => {
  it('are shown by their certificates, with who got them and what they are for', async () => {
    await hub.prints('services', 'name', digits, 'Grafana');
    await hub.thing('meter');
    await hub.prints('rules', 'add', 'meter@pronto.local', 'read', 'device:app@pronto.local');
    const list = await hub.prints('tokens');
    expect(list).toMatch(
      new RegExp(`${digits}… +CN=grafana +until .* app@pronto.local +service Grafana, device in rule 1\n`),
    );
    expect(JSON.stringify(await hub.json('tokens'))).not.toContain(token);
    expect(await hub.json('tokens')).toMatchObject({
      certificates: [{ fingerprint: certificate.fingerprint, state: 'valid', tokens: 1 }],
    });
  });

  it('end with their account, or for good with their certificate', async () => {
    expect(await hub.prints('tokens', 'remove', 'app@pronto.local')).toContain(
      '1 token of app@pronto.local ended.',
    );
    expect(await hub.refuses('tokens', 'remove', 'app@pronto.local')).toContain('has no tokens');
    token = await hub.token(app, certificate);
    expect(await hub.prints('tokens', 'revoke', certificate.fingerprint.slice(0, 8))).toContain(
      'revoked for good',
    );
    expect(await hub.prints('tokens')).toMatch(/revoked +\(nobody now\) +\(nothing yet\)/);
    expect(await hub.refuses('tokens', 'revoke', 'abc')).toContain('at least the first 8 digits');
    expect(await hub.prints('audit')).toMatch(
      new RegExp(`revoke-certificate +anna@pronto.local +${digits}…: done`),
    );
  });
});

describe('services', () => {
  it('are named, let users in by conditions in an order, and forgotten', async () => {
    expect(await hub.prints('services')).toContain('No services.');
    expect(await hub.prints('services', 'name', digits, 'Grafana')).toContain(
      'To let some in: hearth services allow Grafana CONDITION…\n',
    );
    await hub.prints('services', 'allow', 'Grafana', 'ip=10.0.0.0/8', 'domain=example.org');
    await hub.prints('services', 'allow', 'Grafana');
    const shown = await hub.prints('services', 'deny', 'Grafana', 'user=eve', 'sso=secret', '--at', '1');
    expect(shown).toMatch(
      /1 +3 +may not +user=eve and sso=\(secret\)\n2 +1 +may +ip=10.0.0.0\/8 and domain=example.org\n3 +2 +may +everybody\n$/,
    );
    expect(await hub.prints('services', 'move', 'Grafana', '2', '1')).toMatch(/\n1 +2 +may +everybody\n/);
    expect(await hub.prints('services', 'remove', digits, '2')).not.toContain('everybody');
    expect(await hub.refuses('services', 'allow', 'Grafana', 'ip=everywhere')).toContain(
      'Write it as ip=10.0.0.0/8',
    );
    expect(await hub.refuses('services', 'show', 'Nextcloud')).toContain('There is no service "Nextcloud".');
    expect(await hub.refuses('services', 'remove', 'Grafana', '9')).toContain('no rule with this id');
    expect(await hub.prints('services', 'name', 'Grafana', 'Charts')).toContain('Charts is the service');
    expect(await hub.prints('services')).toMatch(
      new RegExp(`Charts +${digits}… +anna@pronto.local +2 rules`),
    );
    expect(await hub.prints('services', 'forget', 'Charts')).toContain('Charts is forgotten');
    expect((await hub.json('services')).services).toEqual([]);
  });

  it('that only asked are listed, and grant nothing', async () => {
    await provesItself();
    expect(await canAccess("<userName value='bob'/>", 'a')).toBe('');
    expect(await hub.prints('services')).toMatch(/\(no name\) .* nobody: it only asked/);
    await hub.prints('services', 'allow', digits, 'user=bob');
    expect(await canAccess("<userName value='bob'/>", 'b')).not.toBe('');
  });
});

describe('privileges', () => {
  beforeEach(() => hub.prints('services', 'name', digits, 'Grafana'));

  it('are lists with an order, of users, roles, and those who have not logged in', async () => {
    const add = (...words: string[]) => hub.prints('privileges', 'add', 'Grafana', ...words);
    await add('role:reader', 'Dashboards');
    await add('role:reader', 'Dashboards.Secret', '--exclude', '--at', '1');
    await add('user:bob', 'Explore');
    await add('default', 'Help');
    expect(await hub.prints('privileges', 'roles', 'Grafana', 'bob', 'reader')).toBe(
      'The user bob:\n  1  may  Explore\n  then the roles reader\n',
    );
    expect(await hub.prints('privileges', 'Grafana')).toBe(
      'Who has not logged in, or is not set up:\n  1  may  Help\n' +
        'The role reader:\n  1  may not  Dashboards.Secret\n  2  may      Dashboards\n' +
        'The user bob:\n  1  may  Explore\n  then the roles reader\n',
    );
    expect(await hub.prints('privileges', 'move', 'Grafana', 'reader', 'Dashboards', '1')).toContain(
      '1  may      Dashboards\n',
    );
    expect(await hub.prints('privileges', 'remove', 'Grafana', 'reader', 'Dashboards')).not.toContain('2');
    expect(await hub.prints('services', 'users', 'Grafana')).toMatch(
      /bob +reader +1 line +anna@pronto.local/,
    );
    expect(await hub.json('privileges', 'Grafana', 'bob')).toMatchObject({
      lists: [{ whose: 'user:bob', roles: ['reader'], entries: [{ include: true, id: 'Explore' }] }],
    });
    expect(await hub.refuses('privileges', 'remove', 'Grafana', 'reader', '--all')).toContain(
      'Users have this role',
    );
    await hub.prints('privileges', 'roles', 'Grafana', 'bob');
    expect(await hub.prints('privileges', 'remove', 'Grafana', 'reader', '--all')).toBe(
      'The role reader is gone.\n',
    );
  });

  it('refuse what is not there, or twice', async () => {
    const refused = (...words: string[]) => hub.refuses('privileges', ...words);
    expect(await refused('add', 'Grafana', 'bob', 'Help')).toContain('write user:NAME or role:NAME');
    await hub.prints('privileges', 'add', 'Grafana', 'user:bob', 'Help');
    expect(await refused('add', 'Grafana', 'bob', 'Help')).toContain('in the list already, at place 1');
    expect(await refused('add', 'Grafana', 'bob', 'Other', '--at', '5')).toContain('from 1 to 2');
    expect(await refused('remove', 'Grafana', 'bob', 'Nothing')).toContain('no line about Nothing');
    expect(await refused('remove', 'Grafana', 'bob')).toContain('one privilege, or --all');
    expect(await refused('add', 'Grafana', 'bob', 'a..b')).toContain('parts parted by periods');
    expect(await refused('Grafana', 'eve')).toContain('There is no user or role "eve".');
    expect(await refused('roles', 'Grafana', 'bob', 'king')).toContain('no role "king"');
    await hub.prints('privileges', 'add', 'Grafana', 'role:bob', 'Help');
    expect(await refused('Grafana', 'bob')).toContain('user:bob or role:bob');
  });
});
