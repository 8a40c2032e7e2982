import type { Clock } from './clock.js';
import { SystemClock } from './clock.js';
import type { Files } from './files.js';
import { SystemFiles } from './files.js';
import type { Log } from './log.js';
import type { Network } from './network.js';
import { SystemNetwork } from './network.js';
import type { Processes } from './processes.js';
import { SystemProcesses } from './processes.js';
import type { Random } from './random.js';
import { SystemRandom } from './random.js';

/** Everything that is not the program: handed in by constructor, replaced in tests. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly files: Files;
  readonly processes: Processes;
  readonly log: Log;
}

/** The machine as it is. */
export function systemWorld(log: Log): World {
  return {
    clock: new SystemClock(),
    random: new SystemRandom(),
    network: new SystemNetwork(),
    files: new SystemFiles(),
    processes: new SystemProcesses(),
    log,
  };
}
