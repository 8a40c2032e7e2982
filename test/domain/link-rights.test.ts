import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checkUnclaimed,
  isOnLink,
  linkRights,
  mayActAsOwner,
  refusalOf,
} from '../../src/domain/assurance.js';
import { type Assurance, hubOperations } from '../../src/domain/command.js';
import { linkRightsTable, withLinkRights } from '../../src/domain/link-rights-table.js';

describe('what a peer on the link may do', () => {
  it('stands in docs/network.md as the table says it; written by npm run docs', () => {
    const page = readFileSync('docs/network.md', 'utf8');
    expect(withLinkRights(page)).toBe(page);
  });

  it('is said of every operation of the hub, and of no other', () => {
    expect(Object.keys(linkRights).sort()).toEqual([...hubOperations].sort());
    for (const operation of hubOperations) expect(linkRightsTable()).toContain(`| \`${operation}\` |`);
  });

  it('is never more by name alone than with a certificate', () => {
    for (const { unverified, pinned } of Object.values(linkRights))
      expect(unverified === 'never' || pinned).toBe(true);
  });

  it('needs a page with marks', () => {
    expect(() => withLinkRights('# The network\n')).toThrow('The page lacks');
  });

  it('limits nobody who is known otherwise', () => {
    const others: readonly Assurance[] = ['sasl', 'server-vouched', 'component', 'local'];
    for (const assurance of others) {
      expect([isOnLink(assurance), mayActAsOwner(assurance)]).toEqual([false, true]);
      for (const operation of hubOperations) {
        expect(refusalOf(operation, assurance)).toBeUndefined();
        const caller = { jid: 'lamp@pronto.local', assurance, hub: 'hub.pronto.local' };
        expect(() => checkUnclaimed(operation, caller, 'anna@pronto.local')).not.toThrow();
      }
    }
  });
});
