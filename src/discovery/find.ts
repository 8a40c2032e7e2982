import { XMPP_CLIENT } from './hub-service.js';
import type { Found } from './mdns/found.js';
import { LanBrowser } from './mdns/lan-browser.js';
import { type DiscoveryWorld, Sockets } from './mdns/sockets.js';

export type { Found } from './mdns/found.js';

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

/** What was found and not yet taken; each instance once. */
class Findings {
  readonly #queue: Found[] = [];
  readonly #seen = new Set<string>();
  #isOver = false;
  #wake: () => void = () => undefined;

  add(found: Found): void {
    if (this.#seen.has(found.instance)) return;
    this.#seen.add(found.instance);
    this.#queue.push(found);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** The next one, as soon as there is one; `undefined` after the end. */
  async next(): Promise<Found | undefined> {
    while (this.#queue.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#queue.shift();
  }
}

/**
 * Finds services on the LANs of the machine, this machine's own too, by mDNS: each instance once, as soon as its port,
 * an address and its text are known. Ends at the time limit, when `signal` says so, or when the caller leaves the
 * loop; then the sockets are closed. Never throws: without a network nothing is found. RFC 6763 §4
 */
export async function* find(options: FindOptions, world: DiscoveryWorld): AsyncGenerator<Found, void> {
  const { type = XMPP_CLIENT, interfaces, signal, timeLimit } = options;
  if (signal?.aborted === true) return;
  const findings = new Findings();
  const end = (): void => findings.end();
  const sockets = new Sockets({ interfaces, unicast: false }, world);
  const browser = new LanBrowser(type, sockets, world);
  browser.onChange(({ kind, found }) => {
    if (kind === 'up') findings.add(found);
  });
  signal?.addEventListener('abort', end);
  const timer = world.clock.after(timeLimit, end, 'mdns find');
  try {
    browser.start();
    await sockets.start();
    for (let next = await findings.next(); next !== undefined; next = await findings.next()) yield next;
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', end);
    browser.stop();
    await sockets.stop();
  }
}
