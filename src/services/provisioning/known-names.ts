import type { RuleKind } from '../../domain/rule.js';

/** How many names of a device are kept, and of how many devices. */
const NAMES = 200;
const DEVICES = 10_000;

const NONE: readonly string[] = [];

/** Fields and parameters that requests mentioned, in memory: what a grant of all but some of them can name. */
export class KnownNames {
  private readonly byDevice = new Map<string, Set<string>>();

  /** Notes the names of a request; beyond the limits they are not kept. */
  note(device: string, kind: RuleKind, names: readonly string[]): void {
    if (names.length === 0) return;
    const key = `${kind} ${device}`;
    const known = this.byDevice.get(key);
    if (known === undefined && this.byDevice.size >= DEVICES) return;
    const all = known ?? new Set();
    for (const name of names) if (all.size < NAMES) all.add(name);
    this.byDevice.set(key, all);
  }

  /** The names that are known of a device (bare JID). */
  of(device: string, kind: RuleKind): readonly string[] {
    const known = this.byDevice.get(`${kind} ${device}`);
    return known === undefined ? NONE : [...known];
  }
}
