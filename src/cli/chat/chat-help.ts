import type { Command } from '../command.js';
import { choices, placesOf, usage } from '../help.js';
import { listWord } from '../tables/shared.js';

/** What can be written to the hub: all of it, or what begins with these words. Lines for a proportional font. */
export function chatHelp(words: readonly string[], table: readonly Command[]): string {
  const rows = table.map(shown);
  if (words.length > 0) {
    const chosen = rows.filter((command) => words.every((word, place) => command.words[place] === word));
    return chosen.map(details).join('\n\n');
  }
  const lines = rows.map((command) => `${placesOf(command).join(' ')} – ${command.summary}`);
  return [...lines, 'help COMMAND – More of one.'].join('\n');
}

/** A word that may be left out is no help. */
function shown(command: Command): Command {
  return { ...command, positionals: command.positionals.filter((positional) => positional !== listWord) };
}

function details(command: Command): string {
  const { summary, details: more, positionals, options } = command;
  return [
    usage(command),
    summary,
    ...(more === undefined ? [] : [more.replaceAll(/(?<=^\S.*)\n(?=\S)/gm, ' ')]),
    ...positionals.map(({ name, meaning, words }) => `${name}: ${meaning}${choices(words)}`),
    ...options.map(
      ({ name, value, meaning, words }) =>
        `--${name}${value === undefined ? '' : ` ${value}`}: ${meaning}${choices(words)}`,
    ),
  ].join('\n');
}
