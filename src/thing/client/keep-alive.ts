import type { Clock, Timer } from '../../system/clock.js';
import { element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import { RequestRefused } from '../request-refused.js';
import type { AccountSession } from './session.js';

const SILENCE = 60_000;
const ANSWER = 20_000;

/** Pings the hub after a minute of silence (XEP-0199) and gives the session up when nothing comes back. */
export class KeepAlive {
  private readonly session: AccountSession;
  private readonly clock: Clock;
  private timer: Timer | undefined;
  private running = false;

  constructor(session: AccountSession, clock: Clock) {
    this.session = session;
    this.clock = clock;
  }

  start(): void {
    this.running = true;
    this.wait();
  }

  stop(): void {
    this.running = false;
    this.timer?.cancel();
  }

  private wait(): void {
    if (!this.running) return;
    const silent = this.clock.monotonic() - this.session.lastHeard;
    if (silent >= SILENCE) void this.ping();
    else this.timer = this.clock.after(SILENCE - silent, () => this.wait(), 'keep-alive');
  }

  private async ping(): Promise<void> {
    try {
      await this.session.ask('get', this.session.domain, element('ping', NS.ping), ANSWER);
    } catch (error) {
      // An error is an answer too.
      if (!(error instanceof RequestRefused)) {
        if (this.running) this.session.abandon();
        return;
      }
    }
    this.wait();
  }
}
