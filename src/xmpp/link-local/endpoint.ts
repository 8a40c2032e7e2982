import type { Peer } from '../peer.js';
import type { EndpointOptions, LinkWorld } from './endpoint-options.js';

/**
 * Messaging without a server (XEP-0174), both sides of it: listens, dials on demand, keeps streams while they are used,
 * and knows who speaks. A presence that is announced is one peer that stays the same while it is.
 */
export class LinkLocalEndpoint {
  private readonly options: EndpointOptions;
  private readonly world: LinkWorld;

  constructor(options: EndpointOptions, world: LinkWorld) {
    this.options = options;
    this.world = world;
  }

  /** Listens and follows the presences. Rejects with the system's error where it cannot listen at all. */
  async start(): Promise<void> {
    this.world.log.debug(this.options.instance());
  }

  /** Ends all streams in order and closes the port; within a second. Calls nobody any more. */
  async stop(): Promise<void> {}

  /** The port in use, once started. */
  get port(): number {
    return 0;
  }

  /** The peer with this instance (case does not count), if it is announced now; a stream opens when something is sent. */
  peer(_instance: string): Peer | undefined {
    return undefined;
  }

  /** All peers that are announced now. */
  peers(): readonly Peer[] {
    return [];
  }
}
