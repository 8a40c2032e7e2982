import { XMPP_CLIENT } from './hub-service.js';
import type { Found } from './mdns/cache.js';
import { Querier } from './mdns/querier.js';
import type { DiscoveryWorld } from './mdns/sockets.js';

export type { Found } from './mdns/cache.js';

/** What to look for, and for how long. */
export interface FindOptions {
  /** As `_xmpp-client._tcp`, which is the default. */
  readonly type?: string;
  /** Milliseconds after which the search ends. */
  readonly timeLimit: number;
  /** Ends the search early. */
  readonly signal?: AbortSignal | undefined;
  /** Only these interfaces; all but container and point-to-point ones if not given. */
  readonly interfaces?: readonly string[] | undefined;
}

/**
 * Finds services on the LANs of the machine, this machine's own too, by mDNS: each instance once, as soon as its port,
 * an address and its text are known. Ends at the time limit or when the caller leaves the loop; then the
 * sockets are closed. Never throws: without a network nothing is found. RFC 6763 §4
 */
export async function* find(options: FindOptions, world: DiscoveryWorld): AsyncGenerator<Found, void> {
  const queue: Found[] = [];
  const seen = new Set<string>();
  let isOver = false;
  let wake: () => void = () => undefined;
  const onFound = (found: readonly Found[]): void => {
    for (const one of found) {
      if (seen.has(one.instance)) continue;
      seen.add(one.instance);
      queue.push(one);
    }
    wake();
  };
  const end = (): void => {
    isOver = true;
    wake();
  };
  const { type = XMPP_CLIENT, interfaces, signal } = options;
  if (signal?.aborted === true) return;
  const querier = new Querier({ type, interfaces, onFound }, world);
  signal?.addEventListener('abort', end);
  const timer = world.clock.after(options.timeLimit, end, 'mdns find');
  try {
    await querier.start();
    for (;;) {
      const next = queue.shift();
      if (next !== undefined) yield next;
      else if (isOver) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', end);
    await querier.stop();
  }
}
