import type { LogFields, LogLevel } from './log.js';
import { printable } from './printable.js';

/** One line of the log before it is written. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: LogLevel;
  /** The part of the hub that speaks; empty for the hub itself. */
  readonly part: string;
  readonly text: string;
  readonly fields: LogFields;
}

/** Writes a line, with its line break. */
export type LogFormat = (line: LogLine) => string;

/** One JSON object a line, for programs. */
export const jsonLine: LogFormat = ({ at, level, part, text, fields }) => {
  const line: Record<string, unknown> = { time: new Date(at).toISOString(), level };
  if (part !== '') line.part = part;
  line.text = clip(text);
  for (const [key, value] of Object.entries(fields)) {
    // The line's own names stay its own.
    line[Object.hasOwn(line, key) ? `${key}_` : key] = typeof value === 'string' ? clip(value) : value;
  }
  return `${JSON.stringify(line)}\n`;
};

const PRIORITY: Record<LogLevel, number> = { error: 3, warn: 4, info: 6, debug: 7 };

/** For the journal, which keeps the time itself and reads the priority from `<3>` (sd-daemon(3)). */
export const journalLine: LogFormat = (line) => `<${PRIORITY[line.level]}>${sentence(line)}\n`;

const COLOUR: Record<LogLevel, string> = {
  error: '\u001b[31m',
  warn: '\u001b[33m',
  info: '',
  debug: '\u001b[2m',
};
const RESET = '\u001b[0m';

/** For a person at a terminal, with colours or without. */
export function terminalLine(colours: boolean): LogFormat {
  return (line) => {
    const time = new Date(line.at).toTimeString().slice(0, 8);
    const colour = colours ? COLOUR[line.level] : '';
    const word = line.level === 'info' ? '' : `${line.level}: `;
    return `${time} ${colour}${word}${sentence(line)}${colour === '' ? '' : RESET}\n`;
  };
}

function sentence({ part, text, fields }: LogLine): string {
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${plainOrQuoted(String(value))}`);
  return `${part === '' ? '' : `${part}: `}${printable(text)}${facts.join('')}`;
}

function plainOrQuoted(value: string): string {
  const text = printable(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function clip(text: string): string {
  return text.length > 2000 ? `${text.slice(0, 2000)}…` : text;
}
