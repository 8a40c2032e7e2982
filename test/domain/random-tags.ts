import fc from 'fast-check';

/** Names of tags as things may have them, in upper case; none that has a meaning of its own. */
export const anyName = fc
  .stringMatching(/^[!-~äλ]{1,12}$/u)
  .map((text) => text.replaceAll(/[:#]/g, '').toUpperCase())
  .filter((text) => !['', 'R', 'KEY', 'JID', 'NID', 'SID', 'PT'].includes(text));

/** Texts as tags may have them. */
export const anyText = fc.string({ maxLength: 60, unit: 'grapheme' }).filter((text) => text.length <= 128);

/** Finite numbers without a negative zero, which no tag keeps. */
export const anyNumber = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (value === 0 ? 0 : value));
