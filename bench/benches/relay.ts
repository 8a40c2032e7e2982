import type { Bench } from '../bench.js';
import { pause } from '../lab.js';
import type { Pumped, Target } from '../load/jobs.js';
import { type Generator, startGenerator } from '../load/start-generator.js';
import { medianRate, refuseFailures, toldLatency } from '../rates.js';
import { Hub } from '../servers/hub.js';
import { PROSODY_DOMAIN, prosodySite, startProsody } from '../servers/prosody.js';

const PAIRS = 4;
const WINDOW = 16;
const ROUNDS = 3;
const PASSWORD = 'relay of the bench';
const NS = 'urn:xmpp:iot:provisioning';

const REQUEST = `<iq type='get' to='{to}' id='{id}'><canRead xmlns='${NS}' jid='somebody@example.org'/></iq>`;
const ANSWER = `<canReadResponse xmlns='${NS}' jid='somebody@example.org' result='true'/>`;

/** iq from client to client through the server, beside Prosody. */
export const relay: Bench = {
  name: 'relay',
  about: `iq from client to client, ${PAIRS} pairs with ${PAIRS * WINDOW} in flight, beside Prosody`,
  run: async (lab) => {
    const hub = await Hub.start(lab, { data: await lab.folder('relay'), set: ['server.tls=optional'] });
    await hub.addAccounts('a', PAIRS, PASSWORD);
    await hub.addAccounts('b', PAIRS, PASSWORD);
    const site = await prosodySite(lab);
    await site.addAccounts('a', PAIRS, PASSWORD);
    await site.addAccounts('b', PAIRS, PASSWORD);
    const prosody = startProsody(lab, site);
    await pause(1000);
    const generator = startGenerator(lab);
    const sides = [
      await side(generator, 'hub', hub.pid, {
        port: hub.ports.plain,
        domain: hub.domain,
        transport: 'plain',
      }),
      await side(generator, 'prosody', prosody.pid, {
        port: site.ports.plain,
        domain: PROSODY_DOMAIN,
        transport: 'plain',
      }),
    ] as const;
    const rounds: [Pumped[], Pumped[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      rounds[0].push(await sides[0]());
      rounds[1].push(await sides[1]());
    }
    refuseFailures('Through the hub', rounds[0]);
    refuseFailures('Through Prosody', rounds[1]);
    lab.note(`relay: hub ${toldLatency(rounds[0])}; Prosody ${toldLatency(rounds[1])}.`);
    for (const running of [generator, prosody, hub]) await running.stop();
    return [
      {
        bench: 'relay',
        what: `iq from client to client, ${PAIRS * WINDOW} in flight`,
        hub: medianRate(rounds[0]),
        beside: medianRate(rounds[1]),
        unit: '/s',
        yardstick: 'Prosody',
        bar: { kind: 'at-least', ratio: 1 },
      },
    ];
  },
};

/** Logs the pairs in; the function that is returned measures a round. */
async function side(
  generator: Generator,
  name: string,
  pid: number,
  target: Target,
): Promise<() => Promise<Pumped>> {
  const who = { target, count: PAIRS, password: PASSWORD, parallel: 2 };
  await generator.run('open', { group: `${name} a`, prefix: 'a', ...who });
  const { jids } = await generator.run('open', { group: `${name} b`, prefix: 'b', ...who });
  await generator.run('answer', { group: `${name} b`, payload: ANSWER });
  const load = { template: REQUEST, to: jids, window: WINDOW, expect: "result='true'" };
  return () => generator.run('pump', { group: `${name} a`, ...load, warmUpSeconds: 1, seconds: 3, pid });
}
