/** Numbers that look random and are the same in every run. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) >>> 0;
    this.share();
  }

  /** At least 0, below 1. */
  share(): number {
    // The generator known as mulberry32.
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0, below `bound`. */
  below(bound: number): number {
    return Math.floor(this.share() * bound);
  }

  /** One of them. Throws a RangeError for none. */
  of<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('There is nothing to choose from.');
    return value;
  }

  /** One of them, the first ones far more often than the last. */
  favourite<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.share() ** 3 * values.length)];
    if (value === undefined) throw new RangeError('There is nothing to choose from.');
    return value;
  }

  /** So many decimal digits. */
  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }
}
