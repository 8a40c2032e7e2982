import { find } from '../discovery/find.js';
import type { World } from '../system/world.js';
import type { Finder } from './find-hub.js';

/** How long to listen for hubs, in milliseconds. */
const TIME_LIMIT = 5_000;

/**
 * Finds the hub by mDNS [0347 3.1]: the first `_xmpp-client._tcp` that says its XMPP domain in TXT `ordom`. A thing that
 * belongs to a hub waits for that one.
 */
export function mdnsFinder(world: World): Finder {
  return async (wanted, signal) => {
    for await (const { addresses, port, txt } of find({ timeLimit: TIME_LIMIT, signal }, world)) {
      const domain = txt.get('ordom') ?? '';
      if (domain !== '' && (wanted === undefined || wanted === domain))
        return [{ domain, hosts: addresses, port }];
    }
    return [];
  };
}
