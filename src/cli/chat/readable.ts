import { printable } from '../../system/printable.js';

/** Longest answer, in characters: several screens of a telephone. */
const LONGEST = 4000;

/** Where texts of the hub name a command of the terminal: behind a colon or a quotation mark. */
const COMMAND = /(?<=^ *|[:(] |")hearth (?:([a-z][a-z -]*?) )?--help|(?<=^ *|[:(] |")hearth (?=([a-z-]+))/g;

/**
 * What a command printed, as a message: without control characters, commands named as they are written here (`known`
 * are their first words), and cut at the end of a line where it is too long.
 */
export function readable(output: string, known: ReadonlySet<string>, command = ''): string {
  const lines = output
    .trimEnd()
    .split('\n')
    .map((line) => asWritten(printable(line.trimEnd()), known));
  let length = 0;
  const end = lines.findIndex((line) => {
    length += line.length + 1;
    return length > LONGEST;
  });
  if (end < 0) return lines.join('\n');
  const hint = command === '' ? '' : ` How to ask for less: help ${command}`;
  return [...lines.slice(0, end), `… and ${lines.length - end} more lines.${hint}`].join('\n');
}

function asWritten(line: string, known: ReadonlySet<string>): string {
  return line.replaceAll(COMMAND, (whole: string, helped?: string, first?: string) => {
    if (first !== undefined) return known.has(first) ? '' : whole;
    return helped === undefined ? 'help' : `help ${helped}`;
  });
}
