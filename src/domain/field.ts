/** What a field's value can be. Numbers must be finite. */
export type FieldValue = number | string | boolean;

/** Categories of fields [0323 3]. */
export const fieldKinds = ['momentary', 'peak', 'status', 'computed', 'identity'] as const;

/** A category of fields. */
export type FieldKind = (typeof fieldKinds)[number];

/** A field that was read. */
export interface FieldReading {
  readonly name: string;
  readonly kind: FieldKind;
  readonly value: FieldValue;
  /** Physical unit of a number. */
  readonly unit?: string | undefined;
  /** Digits behind the decimal point of a number; all that it has if absent. */
  readonly decimals?: number | undefined;
}
