import type { NodePart } from '../domain/command.js';
import type { Log } from '../system/log.js';

/** Which node an event is about; absent where the thing is no concentrator. */
interface OfNode {
  readonly node?: NodePart;
}

/** What a thing tells its program. JIDs are bare. */
export interface ThingEvents {
  /** It is present and, where there is a registry, registered; `hub` is that registry, else the domain. */
  connected: { readonly jid: string; readonly hub: string };
  disconnected: { readonly reason: string };
  /** It is not connected; the next try comes in `retryIn` milliseconds. The error's message is for a person. */
  trouble: { readonly error: Error; readonly retryIn: number };
  /** It is registered and nobody owns it: whoever has this code may claim it. */
  claimable: OfNode & { readonly claimCode: string };
  /** It has an owner: new, or told again after a new connection. */
  claimed: OfNode & { readonly owner: string; readonly public: boolean };
  /** Its owner gave it up; it registers again, with another KEY, free to be claimed. */
  disowned: OfNode & { readonly registry: string };
  /** Its owner took it out of the registry; it is still owned, and says no updates any more. */
  removed: OfNode & { readonly registry: string };
  /** Somebody wanted to be its friend, and this came of it. */
  friend: { readonly jid: string; readonly accepted: boolean };
  unfriend: { readonly jid: string };
  /** A person at the thing accepted this provisioning server: it decides from now on. */
  trusted: { readonly jid: string };
  /** Somebody reads these fields. */
  read: OfNode & { readonly by: string; readonly fields: readonly string[] };
  /** Somebody set these parameters. */
  control: OfNode & { readonly by: string; readonly parameters: readonly string[] };
}

type Listener<Value> = (value: Value) => void;

/** Typed listeners. One that throws is logged and disturbs nobody. */
export class Listeners<Events> {
  private readonly byName = new Map<keyof Events, Set<Listener<never>>>();
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /** Calls the listener at each event of this name, until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = this.byName.get(name) ?? new Set();
    this.byName.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Tells all listeners of this name. */
  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    for (const listener of [...(this.byName.get(name) ?? [])] as Listener<Events[Name]>[]) {
      try {
        listener(value);
      } catch (error) {
        this.log.error('A listener of the thing failed.', { event: String(name), error: String(error) });
      }
    }
  }
}
