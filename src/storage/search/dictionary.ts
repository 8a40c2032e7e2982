/** Values by small numbers, from 1 on; 0 stands for none. Numbers of dropped values are used again. */
export class Dictionary<T> {
  private readonly ids = new Map<T, number>();
  private readonly values: (T | undefined)[] = [undefined];
  private readonly free: number[] = [];

  /** How many values there are. */
  get size(): number {
    return this.ids.size;
  }

  /** One more than the greatest number ever given. */
  get end(): number {
    return this.values.length;
  }

  /** The number of a value, or 0. */
  find(value: T): number {
    return this.ids.get(value) ?? 0;
  }

  /** The number of a value, a new one if need be. */
  intern(value: T): number {
    const known = this.ids.get(value);
    if (known !== undefined) return known;
    const id = this.free.pop() ?? this.values.length;
    this.values[id] = value;
    this.ids.set(value, id);
    return id;
  }

  /** The value with this number. */
  value(id: number): T | undefined {
    return this.values[id];
  }

  /** Forgets a value; its number is free. */
  drop(id: number): void {
    const value = this.values[id];
    if (id === 0 || value === undefined) return;
    this.ids.delete(value);
    this.values[id] = undefined;
    this.free.push(id);
  }

  /** All values by their numbers; `undefined` where a number is free. */
  list(): readonly (T | undefined)[] {
    return this.values;
  }

  /**
   * Takes over what `list` gave; numbers that `used` says nobody uses are free. Throws where a value comes twice.
   */
  adopt(values: readonly T[], used: (id: number) => boolean): void {
    for (let id = 1; id < values.length; id++) {
      const value = values[id];
      if (value === undefined || !used(id)) {
        this.values[id] = undefined;
        this.free.push(id);
        continue;
      }
      const before = this.ids.size;
      this.values[id] = value;
      if (this.ids.set(value, id).size === before) throw new Error('a value comes twice');
    }
  }
}
