/** The command line is wrong; the message says what, and what was meant. Exit code 64. */
export class UsageError extends Error {
  /** The command whose help tells more: `things show`; empty for `hearth` itself. */
  readonly command: string;

  constructor(message: string, command = '', options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
    this.command = command;
  }
}
