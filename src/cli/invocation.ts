/** A command line that fits its command: what was written where. */
export class Invocation {
  private readonly positionals: readonly string[];
  private readonly options: ReadonlyMap<string, readonly string[]>;

  constructor(positionals: readonly string[], options: ReadonlyMap<string, readonly string[]>) {
    this.positionals = positionals;
    this.options = options;
  }

  /** The text at a place that the command demands. */
  required(place: number): string {
    return this.positionals[place] ?? '';
  }

  /** The text at a place that may be empty. */
  positional(place: number): string | undefined {
    return this.positionals[place];
  }

  /** The texts from a place on that repeats. */
  rest(place: number): readonly string[] {
    return this.positionals.slice(place);
  }

  /** The value of an option, or `undefined`. */
  value(name: string): string | undefined {
    return this.options.get(name)?.at(-1);
  }

  /** All values of an option, in their order. */
  values(name: string): readonly string[] {
    return this.options.get(name) ?? [];
  }

  /** The same with a value for an option that has none. */
  withDefault(name: string, value: string): Invocation {
    if (this.flag(name)) return this;
    return new Invocation(this.positionals, new Map([...this.options, [name, [value]]]));
  }

  /** Whether the option is there. */
  flag(name: string): boolean {
    return this.options.has(name);
  }
}
