import type { Clock } from '../../system/clock.js';
import type { Link } from './link.js';
import type { Message } from './packet.js';
import type { SocketsEvents } from './sockets.js';
import type { Peer } from './wire.js';

/** When another machine was heard last on each link: where nobody is ever heard, multicast does not work. */
export class LastHeard implements SocketsEvents {
  readonly #isOwn: (address: string) => boolean;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #times = new Map<string, number>();

  constructor(isOwn: (address: string) => boolean, clock: Pick<Clock, 'monotonic'>) {
    this.#isOwn = isOwn;
    this.#clock = clock;
  }

  /** Milliseconds since then, or since the link came up; `undefined` where there is no such link. */
  silence(name: string): number | undefined {
    const time = this.#times.get(name);
    return time === undefined ? undefined : this.#clock.monotonic() - time;
  }

  message(link: Link, _message: Message, { address }: Peer): void {
    if (!this.#isOwn(address)) this.#times.set(link.lan.name, this.#clock.monotonic());
  }

  up(link: Link): void {
    this.#times.set(link.lan.name, this.#clock.monotonic());
  }

  changed(): void {}

  down(link: Link): void {
    this.#times.delete(link.lan.name);
  }
}
