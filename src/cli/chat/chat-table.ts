import { type Command, hubOptions, type Option, ownerOption } from '../command.js';
import { tableOfCommands } from '../table-of-commands.js';
import { limit } from '../tables/shared.js';

/** Lines of a list where the writer names no number. */
export const CHAT_PAGE = 20;

/** In whose name is never said in a chat: in that of the one who writes. */
const NEVER: ReadonlySet<string> = new Set([...hubOptions, ownerOption].map(({ name }) => name));

/** What an owner can write to the hub: the marked rows of the table of commands, as a chat has them. */
export const ownersTable: readonly Command[] = tableOfCommands.flatMap((command) => {
  const { words, chat, load } = command;
  if (chat === undefined) return [];
  const { summary, details, positionals } = { ...command, ...chat };
  const without = new Set([...NEVER, ...(chat.without ?? [])]);
  const options = inPages(command.options.filter(({ name }) => !without.has(name)));
  return [{ words, summary, ...(details && { details }), positionals, options, load }];
});

/** What everybody else can write to it. */
export const othersTable: readonly Command[] = tableOfCommands.flatMap(({ words, positionals, chat }) =>
  chat?.others === undefined
    ? []
    : [{ words, positionals, ...chat.others, options: inPages(chat.others.options) }],
);

/** Lists are shorter in a chat. */
function inPages(options: readonly Option[]): readonly Option[] {
  return options.map((option) => (option.name === 'limit' ? limit(CHAT_PAGE) : option));
}

/** The command with the most words that a message begins with. */
export function commandOf(words: readonly string[], table: readonly Command[]): Command | undefined {
  const fits = table.filter((command) => command.words.every((word, place) => words[place] === word));
  return fits.sort((a, b) => b.words.length - a.words.length)[0];
}

/** A message with its command, and words that it takes, in small letters: telephones begin with a capital. */
export function inSmallLetters(words: readonly string[]): string[] {
  const small = words.map((word) => word.toLowerCase());
  const command = commandOf(small, tableOfCommands);
  const own = command?.words.length ?? 0;
  return words.map((word, place) => {
    const lower = small[place] ?? word;
    const known = place < own || command?.positionals[place - own]?.words?.includes(lower);
    return known ? lower : word;
  });
}
