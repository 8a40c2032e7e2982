import type { Perform } from '../domain/conversation.js';

/** What a command sees of the program around it. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a person reads standard output. */
  readonly interactive: boolean;
  /** How a person calls this program again where it is not installed as `hearth`; absent where it is. */
  readonly program?: string;
  /** Whether what is printed is read in a proportional font, where columns do not stand below each other. */
  readonly proportional?: true;
  /** The hub, where the command runs inside of it; otherwise it is asked by its control socket. */
  readonly hub?: AskedHub;
  /** Wall clock, in milliseconds since 1970. */
  now(): number;
  /** Writes to standard output, a text or the bytes of a file. */
  print(output: string | Uint8Array): void;
  /** Writes a line to standard error. */
  complain(text: string): void;
  /** The first line of standard input; empty where there is none or a person would have to type it. */
  readLine(): Promise<string>;
  /** Resolves when somebody asks the program to stop (SIGINT, SIGTERM). */
  stopped(): Promise<undefined>;
  /** Calls `run` whenever the program is asked to read its configuration again (SIGHUP). */
  onReload(run: () => void): void;
}

/** A hub that answers commands, however it is reached. */
export interface AskedHub {
  readonly ask: Perform;
}
