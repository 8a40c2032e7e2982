import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.js';
import type { AdminOperation, AdminOperations } from '../../src/domain/admin.js';
import { createHub, type Hub } from '../../src/main.js';
import { systemWorld, type World } from '../../src/system/world.js';
import type { Thing, ThingEvents } from '../../src/thing/index.js';
import { simulatedKinds } from '../../src/thing/simulated/kinds.js';
import { commands } from '../../src/web/commands.js';
import { Actor } from '../exchange/actor.js';
import { CollectedLog } from '../world/collected-log.js';

/** The path from power-on to a readout by a friend, with the real hub over loopback. */
describe('a lamp and the hub', () => {
  const domain = 'attic.local';
  let folder: string;
  let log: CollectedLog;
  let world: World;
  let hub: Hub;
  let lamp: Thing;
  let port: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearth-thing-'));
    log = new CollectedLog();
    world = systemWorld(log);
    await plugIn(['server.port=0', 'server.tlsPort=0']);
  });

  afterEach(async () => {
    await lamp?.stop();
    await hub.stop();
    await rm(folder, { recursive: true });
  });

  async function plugIn(set: string[]): Promise<void> {
    const settings = ['mdns.enabled=false', `domain=${domain}`, 'server.listen=["127.0.0.1"]', ...set];
    const machine = { label: 'attic', dataFolder: join(folder, 'hub'), thingsFolder: join(folder, 'things') };
    const config = await loadConfig({ env: {}, set: settings }, machine, world.files);
    hub = createHub(config, world);
    const ready = await hub.start();
    port = ready.server?.port ?? 0;
  }

  function plugInLamp(): Thing {
    const make = simulatedKinds.get('lamp');
    if (make === undefined) throw new Error('no lamp');
    lamp = make({ folder: join(folder, 'lamp'), server: { host: '127.0.0.1', port } }, world);
    return lamp;
  }

  function next<Name extends keyof ThingEvents>(name: Name): Promise<ThingEvents[Name]> {
    return new Promise((resolve) => {
      const off = lamp.on(name, (event) => {
        off();
        resolve(event);
      });
    });
  }

  async function arrives(name: string): Promise<Actor> {
    const actor = new Actor(name, domain, () => world.network.connect({ host: '127.0.0.1', port }), world);
    await actor.arrives();
    actor.sends("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
    await actor.receives("<iq type='result' id='roster'/>");
    actor.sends('<presence/>');
    return actor;
  }

  function admin<Name extends AdminOperation>(
    name: Name,
    request: AdminOperations[Name]['request'],
  ): AdminOperations[Name]['answer'] | Promise<AdminOperations[Name]['answer']> {
    return commands[name].run(hub.admin, request);
  }

  /** The owner allows the only question that waits. */
  async function allow(kind: string): Promise<void> {
    const { questions } = await admin('pending', {});
    expect(questions).toMatchObject([{ kind }]);
    await admin('allow', { number: questions[0]?.number ?? 0 });
  }

  /** Asks for the same until the lamp has heard that its answers changed. */
  async function agreed(actor: Actor, type: string, payload: string): Promise<void> {
    for (let count = 0; ; count++) {
      actor.sends(`<iq type='${type}' id='again${count}' to='${lamp.jid}/thing'>${payload}</iq>`);
      const answer = await actor.receives(`<iq id='again${count}'/>`);
      if (answer.attribute('type') === 'result') return;
    }
  }

  async function claimedLamp(): Promise<string> {
    await admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
    await plugInLamp().start();
    const claimed = next('claimed');
    await admin('claim', { code: lamp.claimCode ?? '' });
    expect(await claimed).toEqual({ owner: `anna@${domain}`, public: true });
    return lamp.jid ?? '';
  }

  it('meet; a stranger is refused, then becomes a friend who reads and switches it', async () => {
    const jid = await claimedLamp();
    const bob = await arrives('bob');
    bob.sends(`<presence type='subscribe' to='${jid}'/>`);
    await bob.receives(`<presence type='unsubscribed' from='${jid}'/>`);
    const { questions } = await admin('pending', {});
    expect(questions).toMatchObject([{ caller: `bob@${domain}`, thing: jid }]);

    await admin('allow', { number: questions[0]?.number ?? 0 });
    await bob.receives(`<presence type='subscribe' from='${jid}'/>`);
    bob.sends(`<presence type='subscribed' to='${jid}'/>`);
    bob.sends(`<presence type='subscribe' to='${jid}'/>`);
    await bob.receives(`<presence type='subscribed' from='${jid}'/>`);
    await bob.receives(`<presence from='${jid}/thing'/>`);

    const on = `<set xmlns='urn:xmpp:iot:control'><boolean name='Output' value='true'/></set>`;
    bob.sends(`<iq type='set' id='early' to='${jid}/thing'>${on}</iq>`);
    await bob.receives("<iq type='error' id='early'/>");
    await allow('control');
    await agreed(bob, 'set', on);
    const req = `<req xmlns='urn:xmpp:iot:sensordata' seqnr='1' momentary='true'/>`;
    bob.sends(`<iq type='get' id='too-early' to='${jid}/thing'>${req}</iq>`);
    await bob.receives("<iq type='error' id='too-early'/>");
    await allow('read');
    await agreed(bob, 'get', req);
    await bob.receives(`<message from='${jid}/thing'><fields xmlns='urn:xmpp:iot:sensordata' seqnr='1' done='true'>
      <node><timestamp><boolean name='Output' value='true'/><numeric name='Power' value='9.0' unit='W'/></timestamp></node>
      </fields></message>`);
    await bob.leaves();
  });

  it('meet again after a restart of either, and it is told what it missed', async () => {
    await admin('accounts-add', { name: 'anna', owner: true, password: 'anna-secret' });
    await plugInLamp().start();
    const { claimCode: code, jid } = lamp;
    const modes = ['', 'identity.json'].map(async (name) => (await stat(join(folder, 'lamp', name))).mode);
    expect((await Promise.all(modes)).map((mode) => mode & 0o777)).toEqual([0o700, 0o600]);
    await lamp.stop();
    await admin('claim', { code: code ?? '' });
    await hub.stop();
    await plugIn([`server.port=${port}`, 'server.tlsPort=0']);
    plugInLamp();
    const claimed = next('claimed');
    await lamp.start();
    expect([lamp.jid, lamp.claimCode]).toEqual([jid, code]);
    expect((await claimed).owner).toBe(`anna@${domain}`);
    const back = next('connected');
    await hub.stop();
    await plugIn([`server.port=${port}`, 'server.tlsPort=0']);
    expect((await back).jid).toBe(jid);
  });
});
