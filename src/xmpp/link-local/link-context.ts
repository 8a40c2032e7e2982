import type { Clock } from '../../system/clock.js';
import type { Log } from '../../system/log.js';
import type { Network } from '../../system/network.js';
import type { Random } from '../../system/random.js';
import type { Admission } from '../admission.js';
import type { EndpointOptions } from './endpoint-options.js';
import type { LinkPeers } from './link-peers.js';
import type { LinkTls } from './link-tls.js';

/** What all streams of an endpoint share. */
export interface LinkContext {
  readonly options: EndpointOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Pick<Network, 'interfaces'>;
  readonly log: Log;
  readonly tls: LinkTls;
  /** Counts the connections that others made. */
  readonly admission: Admission;
  readonly peers: LinkPeers;
}
