import { columns } from './columns.js';
import { type Command, hubOptions } from './command.js';

/** Characters up to which a command of the list counts for its first column. */
const WIDEST = 33;

/** Characters of a line of help that a terminal of any width should not break. */
const LINE = 100;

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
    ...positionals.map(({ name, meaning, words }) => [`  ${name}`, meaning + choices(words)] as const),
    ...options.map(
      ({ name, value, meaning, words }) =>
        [`  --${name}${value === undefined ? '' : ` ${value}`}`, meaning + choices(words)] as const,
    ),
    ['  --help', 'Show this.'] as const,
  ];
  return [
    ...filled(usage(command), / (?=\[)/, 'Usage: hearth '),
    '',
    command.summary,
    ...(command.details === undefined ? [] : ['', ...paragraphs(command.details)]),
    '',
    ...explained(rows),
    '',
  ].join('\n');
}

/** What each word means, in lines that are none too wide. */
function explained(rows: readonly (readonly [word: string, meaning: string])[]): string[] {
  const widest = Math.max(...rows.map(([word]) => word.length));
  return rows.flatMap(([word, meaning]) => filled(meaning, / /, `${word.padEnd(widest)}  `));
}

/** Prose is filled anew; lines that begin with a space are as their author laid them out. */
function paragraphs(text: string): string[] {
  const parts = text.replaceAll(/(?<=^\S.*)\n(?=\S)/gm, ' ').split('\n');
  return parts.flatMap((part) => (part.startsWith(' ') ? [part] : filled(part)));
}

/** A text behind its head, in lines below each other; broken only where `gap` is, and only where that is needed. */
function filled(text: string, gap = / /, head = ''): string[] {
  const room = LINE - head.length;
  const lines = [''];
  for (const piece of text.length <= room ? [text] : text.split(gap)) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = piece;
    else if (line.length + 1 + piece.length <= room) lines[lines.length - 1] = `${line} ${piece}`;
    else lines.push(piece);
  }
  return lines.map((line, place) => (place === 0 ? head : ' '.repeat(head.length)) + line);
}

/** A command with what follows it: `rules add THING KIND WHO`, by its words. */
export function placesOf({ words, positionals }: Command): string[] {
  const places = positionals.map(
    ({ name, optional, repeats }) => `${optional ? `[${name}]` : name}${repeats ? '…' : ''}`,
  );
  return [...words, ...places];
}

/** The same with its own options. */
export function usage(command: Command): string {
  const { options } = command;
  const own = options.filter((option) => !hubOptions.includes(option));
  const shown = own.map(({ name, value, repeats }) => {
    const option = `[--${name}${value === undefined ? '' : ` ${value}`}]`;
    return repeats ? `${option}…` : option;
  });
  return [...placesOf(command), ...shown].join(' ');
}

/** The words that are taken, as a sentence; empty where any are. */
export function choices(words: readonly string[] | undefined): string {
  return words === undefined ? '' : ` One of: ${words.join(', ')}.`;
}
