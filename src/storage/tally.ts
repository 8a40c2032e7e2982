const SUM_MODULUS = 2 ** 48;

/** How many records there are, and the sum of their checksums modulo 2^48. */
export interface Tally {
  readonly records: number;
  /** It shows a record that was lost, doubled, or fell back to what it was. */
  readonly sum: number;
}

/** Tallies as they stand in a file: the prefix of a table, its records, their sum. */
export type TallyRow = readonly [prefix: string, records: number, sum: number];

/** The sum with a checksum added, or taken away if `difference` is negative. */
export function addSum(sum: number, difference: number): number {
  const added = sum + difference;
  // A division takes longer than all the rest of counting a record.
  if (added >= 0 && added < SUM_MODULUS) return added;
  return ((added % SUM_MODULUS) + SUM_MODULUS) % SUM_MODULUS;
}

/** A tally for each table, or by how much each of them grows. */
export class Tallies {
  private readonly tables = new Map<string, { records: number; sum: number }>();

  /** What `rows` gave. */
  static from(rows: readonly TallyRow[]): Tallies {
    const tallies = new Tallies();
    for (const [prefix, records, sum] of rows) tallies.add(prefix, records, sum);
    return tallies;
  }

  /** So many records more, fewer if negative, in the table with this prefix; and the checksums that come or go. */
  add(prefix: string, records: number, sum: number): void {
    const known = this.tables.get(prefix);
    if (known === undefined) this.tables.set(prefix, { records, sum: addSum(0, sum) });
    else {
      known.records += records;
      known.sum = addSum(known.sum, sum);
    }
  }

  /** Everything that the other has, on top. */
  merge(other: Tallies): void {
    for (const [prefix, { records, sum }] of other.tables) this.add(prefix, records, sum);
  }

  /** One table's. */
  of(prefix: string): Tally {
    return this.tables.get(prefix) ?? { records: 0, sum: 0 };
  }

  /** All tables together. */
  total(): Tally {
    let records = 0;
    let sum = 0;
    for (const table of this.tables.values()) {
      records += table.records;
      sum = addSum(sum, table.sum);
    }
    return { records, sum };
  }

  /** For a file. */
  rows(): readonly TallyRow[] {
    return [...this.tables].map(([prefix, { records, sum }]) => [prefix, records, sum]);
  }
}

/** How a tally differs from what was written, in words; `of` says of what, such as ` of things`. */
export function tallyProblem(found: Tally, written: Tally, of = ''): string | undefined {
  if (found.records !== written.records) {
    return `there are ${found.records} records${of} where ${written.records} were written`;
  }
  return found.sum === written.sum ? undefined : `some records${of} are not those that were written last`;
}
