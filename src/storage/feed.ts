import type { Entry } from './backend.js';
import type { View } from './store.js';
import { tablePrefix } from './table.js';
import { newsFor, tell, type Views } from './views.js';

interface Target {
  /** The views that want every record. */
  readonly whole: readonly View[];
  /** The views that want the last records alone, and those until the end of the table is known. */
  readonly tails: readonly View[];
  readonly last: Entry[];
}

/** Tells views of the records that a start reads, in the order of their keys. */
export class Feed {
  private readonly targets = new Map<string, Target>();
  private prefix = '';
  private target: Target | undefined;

  /** `restored` are views that know their records already. */
  constructor(views: Views, restored: ReadonlySet<View>) {
    for (const [prefix, all] of views.all()) {
      const waiting = all.filter((view) => !restored.has(view));
      if (waiting.length === 0) continue;
      const whole = waiting.filter(({ tail }) => tail === undefined);
      const tails = waiting.filter(({ tail }) => tail !== undefined);
      this.targets.set(prefix, { whole, tails, last: [] });
      for (const view of waiting) view.begin?.();
    }
  }

  /** The tables that have to be read, by their prefix: how many of their last records, `undefined` for all. */
  *wanted(): Iterable<readonly [prefix: string, last: number | undefined]> {
    for (const [prefix, { whole, tails }] of this.targets) {
      yield [prefix, whole.length > 0 ? undefined : longest(tails)];
    }
  }

  /** A record whose checksum is right. Throws what a view throws. */
  record(entry: Entry): void {
    const target = this.targetOf(entry[0]);
    if (target === undefined) return;
    if (target.whole.length > 0) tell(newsFor(target.whole, entry[0], entry[1]));
    if (target.tails.length === 0) return;
    target.last.push(entry);
    const length = longest(target.tails);
    // Cut in larger steps, so that a record costs no copy of all the others.
    if (target.last.length > 2 * length + 100) target.last.splice(0, target.last.length - length);
  }

  // Records come table by table.
  private targetOf(key: string): Target | undefined {
    if (!key.startsWith(this.prefix) || this.prefix === '') {
      this.prefix = tablePrefix(key);
      this.target = this.targets.get(this.prefix);
    }
    return this.target;
  }

  /** Everything was read: the views of the last records hear of them now. */
  end(problems: string[]): void {
    for (const { whole, tails, last } of this.targets.values()) {
      for (const view of whole) view.end?.();
      for (const view of tails) {
        const from = Math.max(0, last.length - (view.tail ?? 0));
        for (const [key, raw] of last.slice(from)) {
          try {
            tell(newsFor([view], key, raw));
          } catch (error) {
            problems.push(error instanceof Error ? error.message : String(error));
          }
        }
        view.end?.();
      }
    }
  }
}

function longest(views: readonly View[]): number {
  return Math.max(...views.map(({ tail }) => tail ?? 0));
}
