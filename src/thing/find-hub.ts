import type { Connection } from '../system/network.js';
import type { World } from '../system/world.js';
import { SessionError } from './client/session-error.js';

/** Where a hub is. */
export interface HubAddress {
  /** Its XMPP domain; the host where that is not known. */
  readonly domain: string;
  /** Names or addresses of its host, to be tried in this order. */
  readonly hosts: readonly string[];
  readonly port: number;
}

/** Looks for hubs around: those of the domain `wanted`, or any. Resolves with what it found, which may be nothing. */
export type Finder = (wanted: string | undefined, signal: AbortSignal) => Promise<readonly HubAddress[]>;

/** Longest wait for one address to answer, in milliseconds. */
const ANSWER = 10_000;

/** Connects to the first hub that answers. Rejects with `unreachable`, at once when it is broken off. */
export async function connectToHub(
  found: readonly HubAddress[],
  world: Pick<World, 'network' | 'clock'>,
  signal: AbortSignal,
): Promise<{ connection: Connection; domain: string }> {
  let cause: unknown;
  for (const { domain, hosts, port } of found) {
    for (const host of hosts) {
      if (signal.aborted) break;
      try {
        return { connection: await connect({ host, port }, world, signal), domain };
      } catch (error) {
        cause = error;
      }
    }
  }
  const text =
    found.length === 0
      ? 'There is no hub on this network. Start one, or say where it is.'
      : `The hub of ${found[0]?.domain} does not answer: ${cause instanceof Error ? cause.message : String(cause)}.`;
  throw new SessionError('unreachable', text, { cause });
}

/** A connection that comes too late is closed again. */
function connect(
  to: { host: string; port: number },
  { network, clock }: Pick<World, 'network' | 'clock'>,
  signal: AbortSignal,
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const end = (run: () => void): void => {
      isOver = true;
      timer.cancel();
      signal.removeEventListener('abort', breakOff);
      run();
    };
    const breakOff = (): void => end(() => reject(new Error('the thing was stopped')));
    const timer = clock.after(ANSWER, () => end(() => reject(new Error('no answer'))), 'connect to the hub');
    signal.addEventListener('abort', breakOff);
    network.connect(to).then(
      (connection) => (isOver ? connection.destroy() : end(() => resolve(connection))),
      (error: unknown) => end(() => reject(error)),
    );
  });
}
