import { describe, expect, it } from 'vitest';
import { SystemNetwork } from '../../src/system/network.js';
import { NS } from '../../src/xmpp/namespaces.js';
import { show } from '../exchange/pattern.js';
import { ServerStage } from './server-stage.js';

describe.each([
  ['in memory', () => undefined],
  ['over sockets', () => new SystemNetwork()],
])('a session %s', (_where, network) => {
  const stage = (...names: string[]) => {
    const own = network();
    return new ServerStage(own === undefined ? {} : { network: own }).opens(...names);
  };

  it('logs in, binds what it asks for, and gets iq and messages of others', async () => {
    const hub = await stage('lamp', 'owner');
    const lamp = await hub.session('lamp', 'bulb');
    const owner = await hub.session('owner', 'phone');
    expect([lamp.jid, owner.jid]).toEqual(['lamp@home.local/bulb', 'owner@home.local/phone']);
    owner.sends("<iq type='get' id='1' to='lamp@home.local/bulb'><ping xmlns='urn:xmpp:ping'/></iq>");
    await lamp.hears("<iq type='get' id='1' from='owner@home.local/phone' to='lamp@home.local/bulb'/>");
    lamp.sends("<iq type='result' id='1' to='owner@home.local/phone'/>");
    await owner.hears("<iq type='result' id='1' from='lamp@home.local/bulb'/>");
    lamp.sends("<message type='chat' to='owner@home.local/phone'><body>Light!</body></message>");
    await owner.hears("<message from='lamp@home.local/bulb'><body>Light!</body></message>");
    await hub.server.stop();
    expect(await lamp.ends()).toBe('system-shutdown');
    expect(hub.failures()).toEqual([]);
  });

  it('goes on inside TLS, where PLAIN and channel binding are offered', async () => {
    const hub = await stage('lamp');
    const lamp = await hub.client();
    await lamp.secures();
    const features = show(await lamp.opens());
    expect(features).toContain('<mechanism>SCRAM-SHA-256-PLUS</mechanism>');
    expect(features).toContain('<mechanism>PLAIN</mechanism>');
    expect(features).toContain("<channel-binding type='tls-exporter'/>");
    expect(features).not.toContain('starttls');
    lamp.sends(
      `<auth xmlns='${NS.sasl}' mechanism='PLAIN'>${Buffer.from('\0lamp\0lamp-secret').toString('base64')}</auth>`,
    );
    await lamp.hears(`<success xmlns='${NS.sasl}'/>`);
    await hub.server.stop();
  });
});
