import type {
  LinkPresence,
  LinkPresenceChange,
  LinkPresences,
} from '../../src/xmpp/link-local/link-presence.js';

type Listener = (change: LinkPresenceChange) => void;

/** The presences of a LAN in memory: who is announced is known to all at once. */
export class MemoryPresences implements LinkPresences {
  /** Those that were found not to answer, in this order. */
  readonly doubted: string[] = [];
  private readonly known = new Map<string, LinkPresence>();
  private readonly listeners = new Set<Listener>();

  /** Announces a presence, or another place or text of one. */
  announce(found: LinkPresence): void {
    const key = asciiLower(found.instance);
    const kind = this.known.has(key) ? 'changed' : 'up';
    this.known.set(key, found);
    this.tell({ kind, found });
  }

  /** Takes a presence back. */
  withdraw(instance: string): void {
    const found = this.find(instance);
    if (found === undefined) return;
    this.known.delete(asciiLower(instance));
    this.tell({ kind: 'down', found });
  }

  find(instance: string): LinkPresence | undefined {
    return this.known.get(asciiLower(instance));
  }

  all(): readonly LinkPresence[] {
    return [...this.known.values()];
  }

  doubt(instance: string): void {
    this.doubted.push(instance);
  }

  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(change: LinkPresenceChange): void {
    for (const listener of [...this.listeners]) listener(change);
  }
}

/** DNS folds the letters of ASCII alone. */
function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
