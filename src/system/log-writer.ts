import { fstatSync } from 'node:fs';
import type { Clock } from './clock.js';
import type { Log, LogFields, LogLevel } from './log.js';
import { journalLine, jsonLine, type LogFormat, terminalLine } from './log-line.js';

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

interface Shared {
  level: LogLevel;
  readonly format: LogFormat;
  readonly write: (text: string) => void;
  readonly clock: Pick<Clock, 'now'>;
}

/** A log that writes lines: in which format and where is the maker's to say. */
export class LogWriter implements Log {
  private readonly shared: Shared;
  private readonly name: string;

  constructor(shared: Shared, name = '') {
    this.shared = shared;
    this.name = name;
  }

  /** The least important lines that are written, in this log and in its parts. */
  setLevel(level: LogLevel): void {
    this.shared.level = level;
  }

  debug(text: string, fields: LogFields = {}): void {
    this.line('debug', text, fields);
  }

  info(text: string, fields: LogFields = {}): void {
    this.line('info', text, fields);
  }

  warn(text: string, fields: LogFields = {}): void {
    this.line('warn', text, fields);
  }

  error(text: string, fields: LogFields = {}): void {
    this.line('error', text, fields);
  }

  part(name: string): Log {
    return new LogWriter(this.shared, name);
  }

  private line(level: LogLevel, text: string, fields: LogFields): void {
    const { format, write, clock } = this.shared;
    if (ORDER.indexOf(level) < ORDER.indexOf(this.shared.level)) return;
    write(format({ at: clock.now(), level, part: this.name, text, fields }));
  }
}

/**
 * The log of a daemon on standard error: readable on a terminal, with priorities under systemd's journal, JSON lines
 * otherwise.
 */
export function standardErrorLog(
  level: LogLevel,
  env: NodeJS.ProcessEnv,
  clock: Pick<Clock, 'now'>,
): LogWriter {
  const stream = process.stderr;
  // The hub outlives whoever reads its log.
  stream.on('error', () => undefined);
  return new LogWriter({ level, format: formatFor(env), write: (text) => stream.write(text), clock });
}

function formatFor(env: NodeJS.ProcessEnv): LogFormat {
  if (process.stderr.isTTY) return terminalLine(env.NO_COLOR === undefined || env.NO_COLOR === '');
  return isJournal(env.JOURNAL_STREAM) ? journalLine : jsonLine;
}

/** Whether standard error is the journal's stream: JOURNAL_STREAM names its device and inode (systemd.exec(5)). */
function isJournal(named: string | undefined): boolean {
  if (named === undefined) return false;
  try {
    const { dev, ino } = fstatSync(2);
    return named === `${dev}:${ino}`;
  } catch {
    // A closed standard error is no journal.
    return false;
  }
}
