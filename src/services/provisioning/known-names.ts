import type { RuleKind } from '../../domain/rule.js';

/** How many names of a device are kept, and in all. */
const NAMES = 200;
const ALL_NAMES = 100_000;

const NONE: readonly string[] = [];

/** Fields and parameters that requests mentioned, in memory: what a grant of all but some of them can name. */
export class KnownNames {
  private readonly byDevice = new Map<string, Set<string>>();
  private readonly isThing: (device: string) => boolean;
  private count = 0;

  /** `isThing`: whether the registry knows the device (bare JID); names of others are not kept. */
  constructor(isThing: (device: string) => boolean) {
    this.isThing = isThing;
  }

  /** Notes the names of a request; beyond the limits they are not kept. */
  note(device: string, kind: RuleKind, names: readonly string[]): void {
    if (names.length === 0) return;
    const key = `${kind} ${device}`;
    const known = this.byDevice.get(key);
    if (known === undefined && !this.isThing(device)) return;
    const all = known ?? new Set();
    const before = all.size;
    const most = Math.min(NAMES, before + ALL_NAMES - this.count);
    if (before >= most) return;
    for (const name of names) if (all.size < most) all.add(name);
    this.count += all.size - before;
    this.byDevice.set(key, all);
  }

  /** The names that are known of a device (bare JID). */
  of(device: string, kind: RuleKind): readonly string[] {
    const known = this.byDevice.get(`${kind} ${device}`);
    return known === undefined ? NONE : [...known];
  }
}
