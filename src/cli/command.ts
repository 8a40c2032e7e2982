import type { Invocation } from './invocation.js';
import type { Shell } from './shell.js';

/** A word or text that follows the command. */
export interface Positional {
  /** As help shows it: `ADDRESS`. */
  readonly name: string;
  readonly meaning: string;
  /** May be absent. Only the last one. */
  readonly optional?: true;
  /** May come several times. Only the last one. */
  readonly repeats?: true;
  /** The words that it takes, where they are few. */
  readonly words?: readonly string[];
}

/** An option, `--name` or `--name VALUE`. */
export interface Option {
  readonly name: string;
  /** What its value is, as help shows it; a flag has none. */
  readonly value?: string;
  readonly meaning: string;
  /** May come several times. */
  readonly repeats?: true;
  /** The words that it takes, where they are few. */
  readonly words?: readonly string[];
}

/** Runs a command to its end; resolves with the exit code. */
export type Run = (invocation: Invocation, shell: Shell) => Promise<number>;

/** A command that can be written to the hub in a chat, by its owners unless it says otherwise. */
export interface ChatMark {
  /** One line, for the help of the chat; the summary if not given. */
  readonly summary?: string;
  /** What else there is to know there; the details if not given, nothing if empty. */
  readonly details?: string;
  /** What follows it there; the same if not given. */
  readonly positionals?: readonly Positional[];
  /** Options that make no sense there, beside those of every command. */
  readonly without?: readonly string[];
  /** What everybody else gets for the same words; nothing if not given. */
  readonly others?: Pick<Command, 'summary' | 'options' | 'load'>;
}

/** One command of `hearth`: help, checks and dispatch come from this row. */
export interface Command {
  /** `things show` is two words. */
  readonly words: readonly string[];
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What else there is to know, for its own help. */
  readonly details?: string;
  readonly positionals: readonly Positional[];
  readonly options: readonly Option[];
  /** Whether and how it can be written to the hub in a chat. */
  readonly chat?: ChatMark;
  /** Loads what runs it, so that help costs nothing of it. */
  readonly load: () => Promise<Run>;
}

/** Options of every command that asks the running hub something. */
export const hubOptions: readonly Option[] = [
  { name: 'json', meaning: 'Answer with JSON, for programs.' },
  { name: 'data', value: 'DIR', meaning: "The hub's data folder, if it is not the usual one." },
  { name: 'socket', value: 'FILE', meaning: "The hub's control socket, if it is not in the data folder." },
];

/** The option that names in whose name an administrator acts. */
export const ownerOption: Option = {
  name: 'owner',
  value: 'JID',
  meaning: "In this owner's name; needed only where the hub has several owners.",
};
