import type { Bench } from '../bench.js';
import type { Bar, Figure } from '../figure.js';
import type { Lab } from '../lab.js';
import type { Pumped } from '../load/jobs.js';
import { type Generator, startGenerator } from '../load/start-generator.js';
import { medianRate, refuseFailures, toldLatency } from '../rates.js';
import { Child } from '../servers/child.js';
import { Hub } from '../servers/hub.js';

const CONNECTIONS = 50;
const ROUNDS = 3;
const BAR: Bar = { kind: 'at-least', ratio: 0.3 };

/** Each thing asks about one friend whom its owner allowed. */
const NS = 'urn:xmpp:iot:provisioning';
const question = (hub: string, friend: string) =>
  `<iq type='get' to='${hub}' id='{id}'><isFriend xmlns='${NS}' jid='${friend}'/></iq>`;

/** What is measured: a window of requests on each connection, and how the echo writes its replies. */
const shapes = [
  { what: `isFriend, ${CONNECTIONS} x 1 in flight`, window: 1, writes: 'each' },
  { what: `isFriend, ${CONNECTIONS} x 16 in flight`, window: 16, writes: 'each' },
  { what: `isFriend, ${CONNECTIONS} x 16, joined writes`, window: 16, writes: 'joined' },
] as const;

/** isFriend round trips over TCP beside a bare framed echo of the same bytes. */
export const iq: Bench = {
  name: 'iq',
  about: `isFriend round trips on ${CONNECTIONS} connections, beside a bare framed echo of the same bytes`,
  run: async (lab) => {
    const hub = await Hub.start(lab, { data: await lab.folder('iq'), set: ['server.tls=optional'] });
    const generator = startGenerator(lab);
    const reply = await befriend(hub, generator);
    const figures: Figure[] = [];
    for (const shape of shapes) {
      const measured = await measure(lab, hub, generator, reply, shape);
      figures.push({ bench: 'iq', what: shape.what, ...measured, bar: BAR });
    }
    await generator.stop();
    await hub.stop();
    return figures;
  },
};

/** Makes things, an owner who claims them and allows a friend to each; returns the answer that they then get. */
async function befriend(hub: Hub, generator: Generator): Promise<string> {
  const password = 'iq of the bench';
  const friend = `friend@${hub.domain}`;
  await hub.ask('accounts-add', { name: 'owner', password, owner: true });
  await hub.ask('accounts-add', { name: 'friend', password });
  await hub.addAccounts('thing', CONNECTIONS, password);
  const target = { port: hub.ports.plain, domain: hub.domain, transport: 'plain' } as const;
  await generator.run('open', {
    group: 'things',
    target,
    prefix: 'thing',
    count: CONNECTIONS,
    password,
    parallel: 8,
  });
  const tags = "<str name='SN' value='{i}'/><str name='KEY' value='key-{i}'/>";
  const register = `<register xmlns='urn:xmpp:iot:discovery'>${tags}</register>`;
  await generator.run('ask', {
    group: 'things',
    template: `<iq type='set' to='${hub.address}' id='{id}'>${register}</iq>`,
  });
  for (let i = 0; i < CONNECTIONS; i++) await hub.ask('claim', { code: `IoTDisco;SN:${i};KEY:key-${i}` });
  const template = question(hub.address, friend);
  await generator.run('ask', { group: 'things', template });
  const { questions } = await hub.ask('pending', {});
  for (const { number } of questions) await hub.ask('allow', { number });
  const [reply = ''] = await generator.run('ask', { group: 'things', template });
  if (!/result=['"]true/.test(reply)) throw new Error(`The hub did not allow the friend: ${reply}`);
  return reply;
}

interface Shape {
  readonly window: number;
  readonly writes: 'each' | 'joined';
}

async function measure(lab: Lab, hub: Hub, generator: Generator, reply: string, shape: Shape) {
  const canned = Buffer.from(reply).toString('base64');
  const echo = lab.keep(new Child(process.execPath, [lab.program('framed-echo'), canned, shape.writes]));
  const port = Number(await echo.line());
  const target = { port, domain: '', transport: 'raw' } as const;
  const raw = { group: 'raw', target, prefix: '', count: CONNECTIONS, password: '', parallel: 8 };
  await generator.run('open', raw);
  const load = {
    template: question(hub.address, `friend@${hub.domain}`),
    window: shape.window,
    expect: "result='true'",
    warmUpSeconds: 0.5,
    seconds: 2,
  };
  const rounds: { hub: Pumped; echo: Pumped }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({
      hub: await generator.run('pump', { group: 'things', pid: hub.pid, ...load }),
      echo: await generator.run('pump', { group: 'raw', pid: echo.pid, ...load }),
    });
  }
  await generator.run('close', { group: 'raw' });
  await echo.stop();
  const [ours, theirs] = [rounds.map((round) => round.hub), rounds.map((round) => round.echo)];
  refuseFailures('The hub', ours);
  const told = `hub ${toldLatency(ours)}; echo ${toldLatency(theirs)}`;
  lab.note(`iq, ${shape.window} in flight each, echo with ${shape.writes} writes: ${told}.`);
  return {
    hub: medianRate(ours),
    beside: medianRate(theirs),
    unit: '/s',
    yardstick: `framed echo, ${reply.length} byte replies`,
  };
}
