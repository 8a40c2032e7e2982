import { columns } from './columns.js';
import { type Command, hubOptions } from './command.js';

/** Characters up to which a command of the list counts for its first column. */
const WIDEST = 33;

/** The list of all commands. */
export function overview(commands: readonly Command[]): string {
  const rows = commands.map((command) => [`  ${placesOf(command).join(' ')}`, command.summary] as const);
  return [
    'Hearth, a home hub for the Internet of Things.',
    '',
    'Usage: hearth COMMAND …',
    '',
    ...alignedOverview(rows),
    '',
    'hearth COMMAND --help tells more of one. hearth --version tells the version.',
    'ADDRESS is the address of a thing: lamp@home.local, rack@home.local#node behind a concentrator, or iotdisco:JID=….',
    '',
  ].join('\n');
}

/** The few longest commands stand out of line, so that the others need not be as wide. */
function alignedOverview(rows: readonly (readonly [place: string, summary: string])[]): string[] {
  const aligned = columns(rows.filter(([place]) => place.length <= WIDEST));
  return rows.map(([place, summary]) =>
    place.length <= WIDEST ? (aligned.shift() ?? '') : `${place}  ${summary}`,
  );
}

/** What there is to know about the commands that begin with these words. */
export function helpFor(words: readonly string[], commands: readonly Command[]): string {
  if (words.length === 0) return overview(commands);
  const chosen = commands.filter((command) => words.every((word, place) => command.words[place] === word));
  return chosen.map(details).join('\n');
}

function details(command: Command): string {
  const { positionals, options } = command;
  const rows = [
    ...positionals.map(({ name, meaning, words }) => [`  ${name}`, meaning + choices(words)]),
    ...options.map(({ name, value, meaning, words }) => [
      `  --${name}${value === undefined ? '' : ` ${value}`}`,
      meaning + choices(words),
    ]),
    ['  --help', 'Show this.'],
  ];
  return [
    `Usage: hearth ${usage(command)}`,
    '',
    command.summary,
    ...(command.details === undefined ? [] : ['', command.details]),
    '',
    ...columns(rows),
    '',
  ].join('\n');
}

function placesOf({ words, positionals }: Command): string[] {
  const places = positionals.map(
    ({ name, optional, repeats }) => `${optional ? `[${name}]` : name}${repeats ? '…' : ''}`,
  );
  return [...words, ...places];
}

function usage(command: Command): string {
  const { options } = command;
  const own = options.filter((option) => !hubOptions.includes(option));
  const shown = own.map(({ name, value, repeats }) => {
    const option = `[--${name}${value === undefined ? '' : ` ${value}`}]`;
    return repeats ? `${option}…` : option;
  });
  return [...placesOf(command), ...shown].join(' ');
}

function choices(words: readonly string[] | undefined): string {
  return words === undefined ? '' : ` One of: ${words.join(', ')}.`;
}
