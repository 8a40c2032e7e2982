import { describe, expect, it } from 'vitest';
import { MemoryNetwork } from '../world/memory-network.js';
import { ServerStage } from './server-stage.js';
import type { TestClient } from './test-client.js';

const query = (content: string) => `<query xmlns='jabber:iq:register'>${content}</query>`;
const account = (name: string, password = `${name}-secret`) =>
  query(`<username>${name}</username><password>${password}</password>`);
const refused = (condition: string) =>
  `<iq type='error' id='r'><error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;

async function stranger(hub: ServerStage): Promise<TestClient> {
  const client = await hub.client();
  await client.opens();
  return client;
}

function asks(client: TestClient, type: 'get' | 'set', payload: string): void {
  client.sends(`<iq type='${type}' id='r' to='home.local'>${payload}</iq>`);
}

describe('an account over the network (XEP-0077)', () => {
  it('is made after a login that failed, on the same stream, as IoT clients do', async () => {
    const hub = await new ServerStage().opens();
    const lamp = await stranger(hub);
    expect((await lamp.authenticates('lamp', 'lamp-secret')).name).toBe('failure');
    asks(lamp, 'get', query(''));
    const form = await lamp.hears(`<iq type='result' id='r'>${query('<username/><password/>')}</iq>`);
    expect(form.elements()[0]?.child('registered')).toBeUndefined();
    asks(lamp, 'set', account('Lamp', 'lamp-secret'));
    await lamp.hears("<iq type='result' id='r' from='home.local'/>");
    expect((await lamp.authenticates('lamp', 'lamp-secret')).name).toBe('success');
    await lamp.opens();
    await lamp.binds('bulb');
    expect(hub.directory.find('lamp')).toMatchObject({ role: 'user', createdFrom: '192.0.2.10' });
  });

  it('is refused where the name is taken or kept, or something is missing', async () => {
    const hub = await new ServerStage().opens('lamp');
    const client = await stranger(hub);
    const cases = [
      [account('LAMP'), 'conflict'],
      [account('hub'), 'conflict'],
      [account('admin'), 'conflict'],
      [query('<username>x</username>'), 'not-acceptable'],
      [query('<password>x</password>'), 'not-acceptable'],
      [account('a b'), 'not-acceptable'],
      [account('a@b'), 'not-acceptable'],
      [account('x', 'p'.repeat(2000)), 'not-acceptable'],
      [query('<remove/>'), 'not-authorized'],
    ];
    for (const [payload = '', condition = ''] of cases) {
      asks(client, 'set', payload);
      await client.hears(refused(condition));
    }
    expect(hub.directory.count).toBe(1);
  });

  it('is made only as often as the limit of an address says', async () => {
    const hub = await new ServerStage().opens();
    const client = await stranger(hub);
    for (let i = 0; i < 20; i++) {
      asks(client, 'set', account(`lamp${i}`));
      await client.hears("<iq type='result' id='r'/>");
    }
    asks(client, 'set', account('lamp20'));
    await client.hears(refused('resource-constraint'));
  });

  it('is not made for who is not on the local network', async () => {
    class Elsewhere extends MemoryNetwork {
      override interfaces() {
        return super.interfaces().map((one) => ({ ...one, address: '198.51.100.1' }));
      }
    }
    const hub = await new ServerStage({ network: new Elsewhere() }).opens();
    const client = await hub.client();
    expect(
      (await client.opens()).child('register', 'http://jabber.org/features/iq-register'),
    ).toBeUndefined();
    asks(client, 'set', account('lamp'));
    await client.hears(refused('not-allowed'));
  });

  it('follows the policy: a window of time, an invitation, or nobody', async () => {
    const closed = await new ServerStage({ registration: 'closed' }).opens();
    const outside = await stranger(closed);
    asks(outside, 'set', account('lamp'));
    await outside.hears(refused('not-allowed'));
    const timed = await new ServerStage({ registration: 'window' }).opens();
    const guest = await stranger(timed);
    asks(guest, 'set', account('lamp'));
    await guest.hears(refused('not-allowed'));
    timed.window = true;
    asks(guest, 'set', account('lamp'));
    await guest.hears("<iq type='result' id='r'/>");
    const invited = await new ServerStage({ registration: 'invite' }).opens();
    const uninvited = await invited.client();
    const features = await uninvited.opens();
    expect(features.child('register', 'http://jabber.org/features/iq-register')).toBeDefined();
    asks(uninvited, 'set', account('lamp'));
    await uninvited.hears(refused('not-allowed'));
  });

  it('is an owner with the setup code (XEP-0445), once', async () => {
    const hub = await new ServerStage({ registration: 'invite' }).opens();
    const { code } = hub.setupCode.issue();
    const owner = await stranger(hub);
    const preAuth = (token: string) => `<preauth xmlns='urn:xmpp:pars:0' token='${token}'/>`;
    asks(owner, 'set', preAuth('aaaaa-aaaaa'));
    await owner.hears(refused('item-not-found'));
    asks(owner, 'set', preAuth(code.toUpperCase()));
    await owner.hears("<iq type='result' id='r'/>");
    asks(owner, 'set', account('owner'));
    await owner.hears("<iq type='result' id='r'/>");
    expect(hub.directory.find('owner')?.role).toBe('owner');
    const late = await stranger(hub);
    asks(late, 'set', preAuth(code));
    await late.hears(refused('item-not-found'));
  });

  it('is not made in the clear where TLS is required', async () => {
    const hub = await new ServerStage({ tls: 'required' }).opens();
    const client = await stranger(hub);
    asks(client, 'set', account('lamp'));
    expect(await client.ends()).toBe('not-authorized');
    expect(hub.directory.count).toBe(0);
  });
});

describe('an account after login (XEP-0077)', () => {
  it('shows that it is registered, and changes its password without losing this stream', async () => {
    const hub = await new ServerStage().opens('lamp');
    const lamp = await hub.session('lamp');
    const other = await hub.session('lamp');
    asks(lamp, 'get', query(''));
    await lamp.hears(`<iq type='result' id='r'>${query('<registered/><username>lamp</username>')}</iq>`);
    asks(lamp, 'set', account('lamp', 'new-secret'));
    await lamp.hears("<iq type='result' id='r'/>");
    expect(await other.ends()).toBe('not-authorized');
    expect(lamp.ended).toBeUndefined();
    await hub.client().then((client) => client.comes('lamp', '', 'new-secret'));
    asks(lamp, 'set', account('owner', 'new-secret'));
    await lamp.hears(refused('not-allowed'));
  });

  it('removes itself: a result, then the end', async () => {
    const hub = await new ServerStage().opens('lamp');
    const lamp = await hub.session('lamp');
    const other = await hub.session('lamp');
    asks(lamp, 'set', query('<remove/>'));
    await lamp.hears("<iq type='result' id='r'/>");
    expect([await lamp.ends(), await other.ends()]).toEqual(['not-authorized', 'not-authorized']);
    expect(hub.directory.find('lamp')).toBeUndefined();
  });
});
