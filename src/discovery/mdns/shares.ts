/** Instances kept at most, in all and of those that one neighbour spoke of on a link. */
const MAX_IN_ALL = 1000;
const MAX_PER_SOURCE = 20;

/** What has a share of the memory. */
export interface Sharer {
  /** Who spoke of it first. */
  readonly source: string;
  readonly link: object;
}

/**
 * Who may have how much of the memory: a neighbour that invents instances pushes out its own first, many such
 * neighbours those of each other. Instances of which everything is known go last, and then from those who have most.
 */
export class Shares<T extends Sharer> {
  readonly #bySource = new Map<object, Map<string, Set<T>>>();
  /** Those of which something is missing, least recently heard first. */
  readonly #unresolved = new Set<T>();
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Whether one more of this source may be added; `victim` must go for it. */
  room(link: object, source: string): { readonly isFree: boolean; readonly victim?: T } {
    const own = this.#bySource.get(link)?.get(source);
    if (own !== undefined && own.size >= MAX_PER_SOURCE) {
      const victim = [...own].find((one) => this.#unresolved.has(one));
      return victim === undefined ? { isFree: false } : { isFree: true, victim };
    }
    if (this.#size < MAX_IN_ALL) return { isFree: true };
    const [unresolved] = this.#unresolved;
    const victim = unresolved ?? this.#ofTheRichest((own?.size ?? 0) + 1);
    return victim === undefined ? { isFree: false } : { isFree: true, victim };
  }

  /** One of the neighbour that has most, if that is more than so many. */
  #ofTheRichest(least: number): T | undefined {
    let richest: ReadonlySet<T> = new Set<T>();
    for (const sources of this.#bySource.values()) {
      for (const own of sources.values()) if (own.size > Math.max(least, richest.size)) richest = own;
    }
    const [victim] = richest;
    return victim;
  }

  /** Adds one of which something is missing. */
  add(one: T): void {
    const sources = this.#bySource.get(one.link) ?? new Map<string, Set<T>>();
    const own = sources.get(one.source) ?? new Set<T>();
    this.#bySource.set(one.link, sources.set(one.source, own.add(one)));
    this.#unresolved.add(one);
    this.#size += 1;
  }

  /** It was spoken of. */
  use(one: T): void {
    if (!this.#unresolved.delete(one)) return;
    this.#unresolved.add(one);
    const own = this.#bySource.get(one.link)?.get(one.source);
    if (own?.delete(one) === true) own.add(one);
  }

  /** Everything of it is known now, or no longer. */
  settle(one: T, isResolved: boolean): void {
    if (isResolved) this.#unresolved.delete(one);
    else this.#unresolved.add(one);
  }

  /** Takes one away. */
  remove(one: T): void {
    const sources = this.#bySource.get(one.link);
    const own = sources?.get(one.source);
    if (own?.delete(one) !== true) return;
    this.#unresolved.delete(one);
    this.#size -= 1;
    if (own.size === 0) sources?.delete(one.source);
    if (sources?.size === 0) this.#bySource.delete(one.link);
  }
}
