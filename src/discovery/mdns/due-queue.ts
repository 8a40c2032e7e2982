/** What falls due at some time. */
export interface Due {
  /** On the monotonic clock, in milliseconds. Changed only outside the queue or before `put`. */
  due: number;
  /** The queue's own note of where this stands; -1 while it is not queued. */
  slot: number;
}

/** Things in the order in which they fall due; each stands in it once, and moving one costs log n. */
export class DueQueue<T extends Due> {
  readonly #heap: T[] = [];

  /** What falls due next. */
  get first(): T | undefined {
    return this.#heap[0];
  }

  /** How many are queued. */
  get size(): number {
    return this.#heap.length;
  }

  /** Queues something, or moves it to its place after its `due` has changed. */
  put(item: T): void {
    if (item.slot < 0) this.#place(item, this.#heap.length);
    this.#sink(this.#rise(item));
  }

  /** Takes something out; nothing happens if it is not queued. */
  take(item: T): void {
    const { slot } = item;
    const last = slot < 0 ? undefined : this.#heap.pop();
    item.slot = -1;
    if (last === undefined || last === item) return;
    this.#place(last, slot);
    this.#sink(this.#rise(last));
  }

  #place(item: T, slot: number): void {
    this.#heap[slot] = item;
    item.slot = slot;
  }

  #rise(item: T): T {
    while (item.slot > 0) {
      const parent = this.#heap[(item.slot - 1) >> 1];
      if (parent === undefined || parent.due <= item.due) break;
      this.#swap(item, parent);
    }
    return item;
  }

  #sink(item: T): void {
    for (;;) {
      const left = this.#heap[item.slot * 2 + 1];
      const right = this.#heap[item.slot * 2 + 2];
      const next = right !== undefined && left !== undefined && right.due < left.due ? right : left;
      if (next === undefined || next.due >= item.due) return;
      this.#swap(item, next);
    }
  }

  #swap(a: T, b: T): void {
    const { slot } = a;
    this.#place(a, b.slot);
    this.#place(b, slot);
  }
}
