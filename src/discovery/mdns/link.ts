import type { World } from '../../system/world.js';
import type { WireMessage } from './codec.js';
import { addressFacing, isLinkLocal6, type Lan } from './interfaces.js';
import { Path, type Way } from './path.js';
import type { Peer } from './wire.js';

/**
 * A LAN the machine is on, and the sockets that send there: one for each IPv4 address, and one for IPv6. What is said
 * on it is the same by every path.
 */
export class Link {
  readonly #world: Pick<World, 'network' | 'log'>;
  readonly #paths = new Map<string, Path>();
  #failures: string[] = [];
  #lan: Lan;

  constructor(lan: Lan, world: Pick<World, 'network' | 'log'>) {
    this.#lan = lan;
    this.#world = world;
  }

  /** Where this is. */
  get lan(): Lan {
    return this.#lan;
  }

  /** Which ways the system refused at the last update, and why, in sentences. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** The open ways out. */
  get paths(): readonly Path[] {
    return [...this.#paths.values()];
  }

  /**
   * Fits the paths to the addresses of the interface now. True if something changed that neighbours must hear: what
   * is told, or a way to them. What the system refuses is tried again next time.
   */
  async update(lan: Lan): Promise<boolean> {
    let changed = lan.told.join() !== this.#lan.told.join();
    this.#lan = lan;
    this.#failures = [];
    const wanted = new Map(waysOf(lan).map((way) => [keyOf(way), way]));
    for (const key of [...this.#paths.keys()]) if (!wanted.has(key)) await this.#drop(key);
    for (const [key, way] of wanted) {
      if (this.#paths.has(key)) continue;
      const path = new Path(way, this.#world);
      const reason = await path.open();
      if (reason === undefined) {
        this.#paths.set(key, path);
        changed = true;
      } else {
        await path.close();
        this.#failures.push(`mDNS cannot send on ${way.name} by ${way.family} (${reason})`);
      }
    }
    return changed;
  }

  /** The path by which a neighbour is answered. */
  pathTo(address: string): Path | undefined {
    const [bare = ''] = address.split('%', 1);
    if (bare.includes(':')) return this.paths.find(({ way }) => way.family === 'IPv6');
    const own = addressFacing(bare, this.#lan)?.address;
    return this.paths.find(({ way }) => way.family === 'IPv4' && way.address === own);
  }

  /**
   * Sends to the LAN by every path, or to one neighbour. True if it left by one of them at least; failures are logged
   * once.
   */
  async send(message: WireMessage, to?: Peer): Promise<boolean> {
    if (to !== undefined) return (await this.pathTo(to.address)?.send(message, to)) ?? false;
    const sent = await Promise.all(this.paths.map((path) => path.send(message)));
    return sent.includes(true);
  }

  /** Closes the sockets. */
  async close(): Promise<void> {
    await Promise.all([...this.#paths.keys()].map((key) => this.#drop(key)));
  }

  async #drop(key: string): Promise<void> {
    const path = this.#paths.get(key);
    this.#paths.delete(key);
    await path?.close();
  }
}

/** The ways onto a LAN: IPv6 multicast leaves from the interface's own choice of address, so there is one. */
function waysOf({ name, addresses }: Lan): Way[] {
  const ways: Way[] = [];
  for (const { address, family } of addresses) if (family === 'IPv4') ways.push({ name, family, address });
  const six = addresses.filter(({ family }) => family === 'IPv6').map(({ address }) => address);
  const address = six.find(isLinkLocal6) ?? six[0];
  if (address !== undefined) ways.push({ name, family: 'IPv6', address });
  return ways;
}

function keyOf({ family, address }: Way): string {
  return family === 'IPv4' ? address : family;
}
