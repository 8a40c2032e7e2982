import type { Generation } from '../domain/generation.js';

/** What a field's value can be. Numbers must be finite. */
export type FieldValue = number | string | boolean;

/** Categories of fields [0323 3]. */
export const fieldKinds = ['momentary', 'peak', 'status', 'computed', 'identity'] as const;

/** A category of fields. */
export type FieldKind = (typeof fieldKinds)[number];

/** Something that a thing measures or knows, and its friends may read. */
export interface Field {
  readonly name: string;
  /** `momentary` if not given. */
  readonly kind?: FieldKind;
  /** Physical unit of a number, such as `°C`. */
  readonly unit?: string;
  /** Digits behind the decimal point of a number; all that it has if not given. */
  readonly decimals?: number;
  /** Reads it now. What it throws is told to the reader as the failure of this field. */
  read(): FieldValue | Promise<FieldValue>;
}

interface ParameterOf<Type extends string, Value> {
  readonly name: string;
  readonly type: Type;
  /** What a person reads in a form; the name if not given. */
  readonly label?: string;
  get(): Value | Promise<Value>;
  /** Called with a valid value only. */
  set(value: Value): void | Promise<void>;
}

/** Bounds of a number, both included. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Something of a thing that its friends may set. `int` is a whole number of 32 bits. */
export type Parameter =
  | ParameterOf<'boolean', boolean>
  | (ParameterOf<'int', number> & Bounds)
  | (ParameterOf<'double', number> & Bounds)
  | ParameterOf<'string', string>;

/** What makes a thing. */
export interface ThingOptions {
  /** What it is, such as `thermometer`: its tag CLASS, and how its account's name begins. Letters, digits and `-`. */
  readonly kind: string;
  /** Where it keeps its account, its KEY, the hub's authority and the hub's answers. Made if missing, mode 0700. */
  readonly folder: string;
  /** More tags, such as MAN, MODEL, SN, ROOM; numbers become numeric tags. */
  readonly tags?: Readonly<Record<string, string | number>>;
  readonly fields?: readonly Field[];
  readonly parameters?: readonly Parameter[];
  /** Where the hub is; found by mDNS if not given. `domain` is the hub's own word if not given. */
  readonly server?: { readonly host: string; readonly port: number; readonly domain?: string };
  /** Namespaces to speak; what the hub offers if not given, `nf` first. */
  readonly generation?: Generation;
}
