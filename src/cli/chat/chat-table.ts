import { type Command, hubOptions, ownerOption } from '../command.js';
import { tableOfCommands } from '../table-of-commands.js';

/** In whose name is never said in a chat: in that of the one who writes. */
const NEVER: ReadonlySet<string> = new Set([...hubOptions, ownerOption].map(({ name }) => name));

/** What an owner can write to the hub: the marked rows of the table of commands, as a chat has them. */
export const ownersTable: readonly Command[] = tableOfCommands.flatMap((command) => {
  const { chat, ...row } = command;
  if (chat === undefined) return [];
  const without = new Set([...NEVER, ...(chat.without ?? [])]);
  const options = command.options.filter(({ name }) => !without.has(name));
  const { summary = command.summary, details = command.details } = chat;
  return [{ ...row, summary, ...(details !== undefined && { details }), options }];
});

/** What everybody else can write to it. */
export const othersTable: readonly Command[] = tableOfCommands.flatMap(({ words, positionals, chat }) =>
  chat?.others === undefined ? [] : [{ words, positionals, ...chat.others }],
);

/** The command with the most words that a message begins with. */
export function commandOf(words: readonly string[], table: readonly Command[]): Command | undefined {
  const fits = table.filter((command) => command.words.every((word, place) => words[place] === word));
  return fits.sort((a, b) => b.words.length - a.words.length)[0];
}

/** A message with its command, and words that it takes, in small letters: telephones begin with a capital. */
export function inSmallLetters(words: readonly string[]): string[] {
  const small = words.map((word) => word.toLowerCase());
  const command = commandOf(small, tableOfCommands);
  const own = command?.words.length ?? 1;
  return words.map((word, place) => {
    const lower = small[place] ?? word;
    const known = place < own || command?.positionals[place - own]?.words?.includes(lower);
    return known ? lower : word;
  });
}
