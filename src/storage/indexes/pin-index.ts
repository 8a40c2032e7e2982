import type { Pin } from '../../domain/pin.js';
import { pins } from '../keys.js';
import type { View } from '../store.js';

/** Hears that the pin of a name (bare JID) was set, changed or taken away. */
export type PinListener = (jid: string) => void;

/** The pinned names of the link, in memory. */
export class PinIndex implements View<string, Pin> {
  readonly table = pins;
  private readonly byName = new Map<string, Pin>();
  private readonly listeners: PinListener[] = [];

  changed(jid: string, pin: Pin | undefined): void {
    if (pin === undefined) this.byName.delete(jid);
    else this.byName.set(jid, pin);
    for (const listener of this.listeners) listener(jid);
  }

  /** The pin of a name (bare JID). */
  get(jid: string): Pin | undefined {
    return this.byName.get(jid);
  }

  /** How many names are pinned. */
  get count(): number {
    return this.byName.size;
  }

  /** All pins, in no order. */
  all(): Iterable<Pin> {
    return this.byName.values();
  }

  /** Calls the listener after every change, from then on. */
  onChange(listener: PinListener): void {
    this.listeners.push(listener);
  }
}
