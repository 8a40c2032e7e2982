import type { Option, Positional } from '../command.js';

/** How many of a list; `absent` where it is not given. */
export function limit(absent: number): Option {
  return { name: 'limit', value: 'N', meaning: `How many at most; ${absent} if not given.` };
}

/** Where in a list to begin. */
export const from: Option = { name: 'from', value: 'N', meaning: 'Begin with the Nth.' };

/** A thing. */
export const address: Positional = { name: 'ADDRESS', meaning: 'The address of the thing.' };

/** The word for a list, which may be left out. */
export const listWord: Positional = {
  name: 'list',
  meaning: 'May be left out.',
  optional: true,
  words: ['list'],
};
