import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coversPrivilege,
  effectiveEntries,
  includesPrivilege,
  isPrivilegeId,
} from '../../src/domain/privilege.js';
import type { PrivilegeEntry } from '../../src/domain/service-commands.js';

/** Few parts, so that ids meet; some are names of every object, some begin with another. */
const part = fc.constantFrom('A', 'AX', 'B', '__proto__', 'constructor', 'é', ' ');
const parts = fc.array(part, { minLength: 1, maxLength: 4 });
const entry = fc.record({ include: fc.boolean(), id: parts.map((path) => path.join('.')) });
const list = fc.array(entry, { maxLength: 12 });

/** The algorithm of [0324 3.7.1], part by part. */
function modelIncludes(entries: readonly PrivilegeEntry[], id: readonly string[]): boolean {
  for (const { include, id: text } of entries) {
    const granted = text.split('.');
    if (granted.every((one, at) => id[at] === one)) return include;
  }
  return false;
}

describe('lists of privileges [0324 3.7.1]', () => {
  it('give the answers of the specification’s own example', () => {
    const entries = [
      { include: false, id: 'Databases.Energy.Delete' },
      { include: true, id: 'Databases.Energy' },
    ];
    const may = (id: string) => includesPrivilege(entries, id);
    expect(may('Databases.Energy.Select')).toBe(true);
    expect(may('Databases.Energy.Insert')).toBe(true);
    expect(may('Databases.Energy.Delete')).toBe(false);
    expect(may('Databases.Energy.Delete.All')).toBe(false);
    expect(may('Databases.Energy')).toBe(true);
    expect(may('Databases')).toBe(false);
    expect(may('Databases.EnergyX')).toBe(false);
    expect(may('databases.energy.select')).toBe(false);
  });

  it('decide as the first line does that covers the privilege', () => {
    fc.assert(
      fc.property(list, parts, (entries, id) => {
        expect(includesPrivilege(entries, id.join('.'))).toBe(modelIncludes(entries, id));
      }),
      { numRuns: 5000 },
    );
  });

  it('decide the same without the lines that never do', () => {
    fc.assert(
      fc.property(list, parts, (entries, id) => {
        const effective = effectiveEntries(entries);
        expect(modelIncludes(effective, id)).toBe(modelIncludes(entries, id));
        for (const [at, { id: later }] of effective.entries())
          for (const { id: earlier } of effective.slice(0, at))
            expect(coversPrivilege(earlier, later)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  it('cover whole sub-trees, by whole parts', () => {
    fc.assert(
      fc.property(parts, parts, (above, below) => {
        const whole = [...above, ...below];
        expect(coversPrivilege(above.join('.'), whole.join('.'))).toBe(true);
        expect(coversPrivilege(whole.join('.'), above.join('.'))).toBe(false);
        expect(coversPrivilege(above.join('.'), `${above.join('.')}X`)).toBe(false);
      }),
    );
  });

  it('have ids of parts that are not empty', () => {
    for (const id of ['A', 'A.B', 'A b.C', '__proto__']) expect(isPrivilegeId(id)).toBe(true);
    for (const id of ['', '.', 'A.', '.A', 'A..B', `${'A'.repeat(256)}B`])
      expect(isPrivilegeId(id)).toBe(false);
  });
});
