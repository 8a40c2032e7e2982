/** One measured figure of the hub beside the one of its yardstick, from the same run on the same machine. */
export interface Figure {
  /** The bench that measured it. */
  readonly bench: string;
  /** What was measured. */
  readonly what: string;
  /** The hub's figure, in `unit`. */
  readonly hub: number;
  /** The yardstick's figure, in `unit`. */
  readonly beside: number;
  readonly unit: string;
  /** What the yardstick is. */
  readonly yardstick: string;
  /** What the ratio hub : beside must reach; absent for a figure that is only told. */
  readonly bar?: Bar;
}

/** A ratio must be at least, or at most, so much. */
export interface Bar {
  readonly kind: 'at-least' | 'at-most';
  readonly ratio: number;
}

/** Hub : yardstick. */
export function ratioOf(figure: Figure): number {
  return figure.hub / figure.beside;
}

/** Whether the figure reaches its bar; `undefined` where it has none. */
export function reaches(figure: Figure): boolean | undefined {
  const { bar } = figure;
  if (bar === undefined) return undefined;
  const ratio = ratioOf(figure);
  return bar.kind === 'at-least' ? ratio >= bar.ratio : ratio <= bar.ratio;
}

/** The middle value; the mean of the two middle ones of an even number. Throws a RangeError for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError('There is no median of no values.');
  return (upper + lower) / 2;
}
