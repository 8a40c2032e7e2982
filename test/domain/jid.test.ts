import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../src/domain/errors.js';
import { bareJid, Jid } from '../../src/domain/jid.js';

const refused = (text: string) => {
  try {
    Jid.parse(text);
  } catch (error) {
    return error instanceof HubError ? error.code : 'another error';
  }
  return 'accepted';
};

describe('Jid (RFC 7622)', () => {
  it('has three parts, of which two may be absent', () => {
    const jid = Jid.parse('juliet@example.com/balcony');
    expect([jid.local, jid.domain, jid.resource]).toEqual(['juliet', 'example.com', 'balcony']);
    expect(Jid.parse('example.com').full).toBe('example.com');
    expect(Jid.parse('example.com/r').bare).toBe('example.com');
  });

  it('abuse 24: mixed case is one address, and the owner is compared by it', () => {
    expect(bareJid('Owner@Pronto.LOCAL/Phone')).toBe('owner@pronto.local');
    expect(bareJid('ＯＷＮＥＲ@pronto.local')).toBe('owner@pronto.local');
    expect(Jid.parse('owner@pronto.local/Phone').resource).toBe('Phone');
  });

  it('takes the resource from the first slash on', () => {
    const jid = Jid.parse('a@b/c@d/e');
    expect([jid.bare, jid.resource]).toEqual(['a@b', 'c@d/e']);
  });

  it.each([
    ['@example.com', 'an empty local part'],
    ['', 'nothing at all'],
    ['a@', 'an empty domain'],
    ['a@b/', 'an empty resource'],
    ['a b@example.com', 'a space'],
    ['a\u0000@example.com', 'NUL'],
    ['a"b@example.com', 'a quotation mark'],
    ["a'b@example.com", 'an apostrophe'],
    ['a<b@example.com', 'a bracket'],
    ['a@b@c', 'two at signs'],
    ['a@-b', 'a label with a hyphen in front'],
    ['a@b..c', 'an empty label'],
    ['henry\u2163@example.com', 'a compatibility character'],
    ['\u202eowner@example.com', 'an override of direction'],
    ['\u05d0a@example.com', 'two directions'],
    [`${'a'.repeat(1024)}@example.com`, 'a local part of 1024 bytes'],
    [`a@b/${'r'.repeat(1024)}`, 'a resource of 1024 bytes'],
    ['x'.repeat(3500), '3500 characters'],
    ['a@b/c\u0007', 'a control character in the resource'],
  ])('abuse 24: refuses %j (%s)', (text) => {
    expect(refused(text)).toBe('jid-malformed');
  });

  it('keeps confusables apart', () => {
    expect(bareJid('\u043ewner@example.com')).not.toBe(bareJid('owner@example.com'));
  });

  it('never throws anything but jid-malformed, and parsing twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const outcome = refused(text);
        expect(['accepted', 'jid-malformed']).toContain(outcome);
        if (outcome === 'accepted') expect(Jid.parse(Jid.parse(text).full).full).toBe(Jid.parse(text).full);
      }),
      { numRuns: 2000 },
    );
  });
});
