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

/** Connects to the first hub that answers. Rejects with `unreachable`. */
export async function connectToHub(
  found: readonly HubAddress[],
  world: Pick<World, 'network'>,
): Promise<{ connection: Connection; domain: string }> {
  let cause: unknown;
  for (const { domain, hosts, port } of found) {
    for (const host of hosts) {
      try {
        return { connection: await world.network.connect({ host, port }), domain };
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
