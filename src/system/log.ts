/** Severity, in the words of `log.level`. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Facts that go with a log line. Never secrets: no KEY, password, token or challenge. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the hub says what happens. A line's text tells a person what happened and what to do next. */
export interface Log {
  debug(text: string, fields?: LogFields): void;
  info(text: string, fields?: LogFields): void;
  warn(text: string, fields?: LogFields): void;
  error(text: string, fields?: LogFields): void;
  /** The same log, its lines marked with the part of the hub that speaks. */
  part(name: string): Log;
}
