import type { Log, LogFields, LogLevel } from '../../src/system/log.js';

/** A log that keeps its lines for a test to read. */
export class CollectedLog implements Log {
  readonly lines: { readonly level: LogLevel; readonly text: string; readonly fields: LogFields }[];

  constructor(lines: CollectedLog['lines'] = []) {
    this.lines = lines;
  }

  debug(text: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'debug', text, fields });
  }

  info(text: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', text, fields });
  }

  warn(text: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', text, fields });
  }

  error(text: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', text, fields });
  }

  part(): Log {
    return new CollectedLog(this.lines);
  }
}
