import { askDhcp } from '../discovery/dhcp-inform.js';
import { serversInLeases } from '../discovery/dhcp-lease.js';
import type { World } from '../system/world.js';
import { SessionError } from './client/session-error.js';
import type { Finder } from './find-hub.js';
import { mdnsFinder } from './mdns-finder.js';

/** The port of XMPP servers that are known by their names only (RFC 6120 §14.7). */
const PORT = 5222;

/**
 * Finds the hub by mDNS and, where that finds none, by the name that DHCP gave this machine [0347 3.3]. `dhcp: 'inform'`
 * asks the DHCP servers where the machine's own client wrote down no name; then it rejects with `unreachable` if that
 * cannot be.
 */
export function hubFinder(world: World, dhcp?: 'inform'): Finder {
  const byMdns = mdnsFinder(world);
  return async (wanted, signal) => {
    const found = await byMdns(wanted, signal);
    if (found.length > 0 || signal.aborted) return found;
    const written = await serversInLeases(world);
    const names = written.length === 0 && dhcp === 'inform' ? await ask(world, signal) : written;
    return names.map((name) => ({ domain: wanted ?? name, hosts: [name], port: PORT }));
  };
}

async function ask(world: World, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await askDhcp(world, { signal });
  } catch (cause) {
    throw new SessionError('unreachable', (cause as Error).message, { cause });
  }
}
