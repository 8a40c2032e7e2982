/** What a parameter is, beside its value [0325 3.1]. `int` is a whole number of 32 bits. */
export interface ParameterShape {
  readonly name: string;
  readonly type: 'boolean' | 'int' | 'double' | 'string';
  /** What a person reads in a form; the name if absent. */
  readonly label?: string;
  /** Bounds of a number, both included. */
  readonly min?: number;
  readonly max?: number;
}

/** The least and the greatest number that a parameter takes; infinite where it has no bound. */
export function boundsOf({ type, min, max }: ParameterShape): { readonly min: number; readonly max: number } {
  const whole = type === 'int';
  return {
    min: min ?? (whole ? -(2 ** 31) : Number.NEGATIVE_INFINITY),
    max: max ?? (whole ? 2 ** 31 - 1 : Number.POSITIVE_INFINITY),
  };
}
