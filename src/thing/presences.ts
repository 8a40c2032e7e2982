import type { Jid } from '../domain/jid.js';
import type { Clock } from '../system/clock.js';
import type { Element } from '../xmpp/element.js';
import type { Whereabouts } from './whereabouts.js';

/** Most accounts whose presence is remembered, and most resources of one. */
const MOST = 1000;
const MOST_RESOURCES = 16;

/** Where those are whose presence the account sees: requests go to full JIDs only (RFC 6121 §8.5). */
export class Presences implements Whereabouts {
  private readonly clock: Clock;
  private readonly here = new Map<string, Set<string>>();
  private readonly waiting = new Set<(jid: Jid) => void>();
  private readonly stops = new Set<() => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Takes a presence stanza. */
  take(stanza: Element, from: Jid): void {
    const type = stanza.attribute('type');
    if (from.resource === '' || (type !== undefined && type !== 'unavailable')) return;
    const resources = this.here.get(from.bare) ?? new Set();
    resources.delete(from.full);
    if (type === undefined) {
      if (resources.size < MOST_RESOURCES) resources.add(from.full);
      for (const look of [...this.waiting]) look(from);
    }
    if (resources.size === 0) this.here.delete(from.bare);
    else if (this.here.has(from.bare) || this.here.size < MOST) this.here.set(from.bare, resources);
  }

  /** The full JID of an account that came last, `undefined` if none of it is here. */
  of(bare: string): string | undefined {
    return [...(this.here.get(bare) ?? [])].at(-1);
  }

  /** The full JID of an account once it is here; `undefined` if it does not come within `ms` milliseconds. */
  appearance(bare: string, ms: number): Promise<string | undefined> {
    const full = this.of(bare);
    if (full !== undefined) return Promise.resolve(full);
    return new Promise((resolve) => {
      const end = (found: string | undefined) => {
        this.waiting.delete(look);
        this.stops.delete(stop);
        timer.cancel();
        resolve(found);
      };
      const look = (jid: Jid) => {
        if (jid.bare === bare) end(jid.full);
      };
      const stop = () => end(undefined);
      const timer = this.clock.after(ms, stop, 'presence of a friend');
      this.waiting.add(look);
      this.stops.add(stop);
    });
  }

  /** Nobody is waited for any more. */
  stop(): void {
    for (const stop of [...this.stops]) stop();
  }
}
