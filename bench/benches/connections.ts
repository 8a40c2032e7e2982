import type { Bench } from '../bench.js';
import { type Figure, median } from '../figure.js';
import { type Lab, pause } from '../lab.js';
import { startGenerator } from '../load/start-generator.js';
import { residentMemory } from '../servers/child.js';
import { Hub } from '../servers/hub.js';
import { PROSODY_DOMAIN, type ProsodySite, prosodySite, startProsody } from '../servers/prosody.js';

const CONNECTIONS = 500;
const ROUNDS = 2;
const PASSWORD = 'connections of the bench';

/** Milliseconds after which a server with idle connections has settled. */
const SETTLING = 14_000;

const transports = [
  { transport: 'plain', name: 'plain TCP' },
  { transport: 'tls', name: 'direct TLS' },
] as const;

type Transport = (typeof transports)[number]['transport'];

/** Memory of a connection that is logged in, has sent its presence and is silent, beside Prosody. */
export const connections: Bench = {
  name: 'connections',
  about: `memory of each of ${CONNECTIONS} idle connections, plain and TLS, beside Prosody`,
  run: async (lab) => {
    const data = await lab.folder('connections');
    const maker = await Hub.start(lab, { data });
    await maker.addAccounts('user', CONNECTIONS, PASSWORD);
    await maker.stop();
    const site = await prosodySite(lab);
    await site.addAccounts('user', CONNECTIONS, PASSWORD);
    const figures: Figure[] = [];
    for (const { transport, name } of transports) {
      const rounds: Round[] = [];
      for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(lab, data, site, transport));
      figures.push({
        bench: 'connections',
        what: `memory per idle connection, ${name}`,
        hub: median(rounds.map((round) => round.hub)),
        beside: median(rounds.map((round) => round.prosody)),
        unit: 'kB',
        yardstick: 'Prosody',
        bar: { kind: 'at-most', ratio: 1 },
      });
      const [ours, theirs] = [rounds.map((r) => r.hubLogins), rounds.map((r) => r.prosodyLogins)];
      lab.note(
        `connections, ${name}: logins by SCRAM-SHA-1, 8 at a time, one server after the other: hub ${median(ours).toFixed(0)} /s, Prosody ${median(theirs).toFixed(0)} /s.`,
      );
    }
    return figures;
  },
};

interface Round {
  /** Kilobytes per connection. */
  readonly hub: number;
  readonly prosody: number;
  /** Logins a second. */
  readonly hubLogins: number;
  readonly prosodyLogins: number;
}

/** Both servers fresh; their memory before and after. */
async function measure(lab: Lab, data: string, site: ProsodySite, transport: Transport): Promise<Round> {
  const hub = await Hub.start(lab, { data, set: ['server.tls=optional'] });
  const prosody = startProsody(lab, site);
  const generator = startGenerator(lab);
  await pause(SETTLING / 2);
  const before = [residentMemory(hub.pid), residentMemory(prosody.pid)];
  const open = async (group: string, domain: string, ports: ProsodySite['ports']): Promise<number> => {
    const target = { port: ports[transport], domain, transport };
    const who = { prefix: 'user', count: CONNECTIONS, password: PASSWORD, parallel: 8 };
    const { seconds } = await generator.run('open', { group, target, ...who });
    return CONNECTIONS / seconds;
  };
  const hubLogins = await open('hub', hub.domain, hub.ports);
  const prosodyLogins = await open('prosody', PROSODY_DOMAIN, site.ports);
  await pause(SETTLING);
  const after = [residentMemory(hub.pid), residentMemory(prosody.pid)];
  const grown = after.map((kilobytes, i) => (kilobytes - (before[i] ?? 0)) / CONNECTIONS);
  await generator.stop();
  await prosody.stop();
  await hub.stop();
  return { hub: grown[0] ?? 0, prosody: grown[1] ?? 0, hubLogins, prosodyLogins };
}
