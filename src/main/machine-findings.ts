import type { Finding } from '../domain/finding.js';
import type { Clock, Timer } from '../system/clock.js';
import type { Glance } from '../system/glance.js';
import type { Network } from '../system/network.js';

/** Bytes of free room below which the owner should do something, and below which the hub is about to stop writing. */
const ROOM = { low: 500_000_000, out: 50_000_000 };

/** The permissions of everyone but the hub's own user. */
const OTHERS = 0o077;

/** Milliseconds in which a port of this machine answers. */
const PATIENCE = 1000;

/** Whether the hub's data has room and is nobody else's business. */
export async function dataFindings(folder: string, glance: Glance): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (((await glance.mode(folder)) ?? 0) & OTHERS)
    findings.push({
      severity: 'problem',
      text: `Other users of this machine can get into ${folder}, where the hub's keys are.`,
      advice: `Take that right away: chmod 700 ${folder}`,
    });
  const room = await glance.room(folder);
  if (room !== undefined && room.free < ROOM.low) {
    const isOut = room.free < ROOM.out;
    findings.push({
      severity: isOut ? 'problem' : 'warning',
      text: `The disk with ${folder} has ${megabytes(room.free)} left of ${megabytes(room.total)}.`,
      advice: isOut
        ? 'Make room now: without it nothing can be registered or decided.'
        : 'Make room before it is full: the hub cannot write then.',
    });
  }
  if (findings.length === 0)
    findings.push({ severity: 'ok', text: `${folder} has room, and is the hub's alone.` });
  return findings;
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000).toLocaleString('en')} MB`;
}

/** A port that others are told of. */
export interface ToldPort {
  /** As `the server (port 5222)`. */
  readonly what: string;
  readonly port: number;
}

/** Whether the ports answer at the addresses that others are told. */
export async function portsFindings(
  ports: readonly ToldPort[],
  addresses: readonly string[],
  world: { readonly network: Pick<Network, 'connect'>; readonly clock: Clock },
): Promise<Finding[]> {
  const pairs = ports.flatMap((port) => addresses.map((address) => ({ ...port, address })));
  const failed = await Promise.all(
    pairs.map(async (pair) => ({ ...pair, why: await refusalOf(pair, world) })),
  );
  const closed = failed.filter(({ why }) => why !== undefined);
  if (closed.length > 0)
    return closed.map(({ what, address, why }) => ({
      severity: 'problem',
      text: `${what} does not answer at ${address} (${why}), where others look for it.`,
      advice: 'Look at server.listen and at the firewall of this machine.',
    }));
  if (pairs.length === 0) return [];
  const names = ports.map(({ what }) => what).join(' and ');
  return [{ severity: 'ok', text: `This machine reaches ${names} at ${addresses.join(', ')}.` }];
}

/** Why a port does not answer. */
function refusalOf(
  { address, port }: { readonly address: string; readonly port: number },
  { network, clock }: { readonly network: Pick<Network, 'connect'>; readonly clock: Clock },
): Promise<string | undefined> {
  let timer: Timer | undefined;
  const late = new Promise<string>((resolve) => {
    timer = clock.after(PATIENCE, () => resolve('no answer in a second'), 'doctor port');
  });
  const answer = network.connect({ host: address, port }).then(
    (connection) => {
      // Nothing is said: what comes back, and how it ends, is the other side's matter.
      connection.on('error', () => undefined).destroy();
      return undefined;
    },
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  return Promise.race([answer, late]).finally(() => timer?.cancel());
}
