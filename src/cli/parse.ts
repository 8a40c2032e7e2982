import { nearest } from '../domain/nearest.js';
import type { Command, Option } from './command.js';
import { Invocation } from './invocation.js';
import { UsageError } from './usage-error.js';

/** What a command line asks for. */
export type Parsed =
  | { readonly kind: 'run'; readonly command: Command; readonly invocation: Invocation }
  /** Help for a command, for a group such as `accounts`, or for everything. */
  | { readonly kind: 'help'; readonly words: readonly string[] }
  | { readonly kind: 'version' };

/** Reads a command line by the table of commands. Throws UsageError, which names the nearest word. */
export function parse(args: readonly string[], commands: readonly Command[]): Parsed {
  const first = args[0];
  if (first === '--version' || first === '-V') return { kind: 'version' };
  if (first === '--help' || first === '-h') return { kind: 'help', words: [] };
  if (first === 'help') {
    const words = args.slice(1).filter((word) => !word.startsWith('-'));
    if (words.length > 0) find(words, commands);
    return { kind: 'help', words };
  }
  if (first === undefined) throw new UsageError('what shall it do? See: hearth --help');
  const command = find(args, commands);
  const rest = args.slice(command.words.length);
  checkSubcommand(rest[0], command, commands);
  const end = rest.indexOf('--');
  if ((end < 0 ? rest : rest.slice(0, end)).some((arg) => arg === '--help' || arg === '-h')) {
    return { kind: 'help', words: command.words };
  }
  return { kind: 'run', command, invocation: readArguments(rest, command) };
}

/** The command with the most words that the line begins with. */
function find(args: readonly string[], commands: readonly Command[]): Command {
  const fits = commands.filter(({ words }) => words.every((word, place) => args[place] === word));
  const command = fits.sort((a, b) => b.words.length - a.words.length)[0];
  if (command !== undefined) return command;
  const [first = ''] = args;
  if (first.startsWith('-'))
    throw new UsageError(`a command comes first, not "${first}". See: hearth --help`);
  throw new UsageError(
    `there is no command "${first}".${didYouMean(first, commands.map(firstWord), 'hearth ') || ' See: hearth --help'}`,
  );
}

/** A second word that is no argument is meant as a command: `accounts ad`. */
function checkSubcommand(
  word: string | undefined,
  { words, positionals }: Command,
  commands: readonly Command[],
): void {
  const below = commands.filter((other) => other.words.length === 2 && other.words[0] === words[0]);
  if (word === undefined || word.startsWith('-') || words.length > 1 || below.length === 0) return;
  // A first argument that may be any text is one, whatever it resembles.
  if (positionals[0] !== undefined && positionals[0].words === undefined) return;
  if (positionals.some((positional) => positional.words?.includes(word))) return;
  const known = below.map((other) => other.words[1] ?? '');
  const group = words.join(' ');
  throw new UsageError(
    `there is no command "${group} ${word}".${didYouMean(word, known, `hearth ${group} `)}`,
    group,
  );
}

function firstWord({ words }: Command): string {
  return words[0] ?? '';
}

function didYouMean(word: string, known: readonly string[], before = ''): string {
  const meant = nearest(word, known);
  return meant === undefined ? '' : ` Did you mean "${before}${meant}"?`;
}

function readArguments(args: readonly string[], command: Command): Invocation {
  const name = command.words.join(' ');
  const positionals: string[] = [];
  const options = new Map<string, readonly string[]>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      positionals.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      positionals.push(arg);
      continue;
    }
    const equals = arg.indexOf('=');
    const option = optionCalled(equals < 0 ? arg : arg.slice(0, equals), command);
    const inline = equals < 0 ? undefined : arg.slice(equals + 1);
    if (option.value === undefined && inline !== undefined) {
      throw new UsageError(`--${option.name} takes no value.`, name);
    }
    const value = option.value === undefined ? '' : (inline ?? args[++at]);
    options.set(option.name, [...(options.get(option.name) ?? []), checkValue(option, value, name)]);
    if (!option.repeats && (options.get(option.name)?.length ?? 0) > 1) {
      throw new UsageError(`--${option.name} comes twice.`, name);
    }
  }
  checkPositionals(positionals, command);
  return new Invocation(positionals, options);
}

function optionCalled(text: string, command: Command): Option {
  const option = command.options.find(({ name }) => text === `--${name}`);
  if (option !== undefined) return option;
  const known = ['--help', ...command.options.map(({ name }) => `--${name}`)];
  const name = command.words.join(' ');
  throw new UsageError(`"${name}" has no option "${text}".${didYouMean(text, known)}`, name);
}

function checkValue(option: Option, value: string | undefined, command: string): string {
  if (value === undefined) throw new UsageError(`--${option.name} needs a value: ${option.value}.`, command);
  if (option.words !== undefined && !option.words.includes(value)) {
    throw new UsageError(
      `--${option.name} is one of ${option.words.join(', ')}, not "${value}".${didYouMean(value, option.words)}`,
      command,
    );
  }
  return value;
}

function checkPositionals(given: readonly string[], command: Command): void {
  const name = command.words.join(' ');
  const missing = command.positionals.find((wanted, place) => !wanted.optional && given[place] === undefined);
  if (missing !== undefined)
    throw new UsageError(`"${name}" needs ${missing.name}: ${missing.meaning}`, name);
  const extra = given[command.positionals.length];
  if (extra !== undefined && !command.positionals.at(-1)?.repeats)
    throw new UsageError(`"${name}" does not know what to do with "${extra}".`, name);
  command.positionals.forEach(({ words }, place) => {
    const text = given[place];
    if (words === undefined || text === undefined || words.includes(text)) return;
    const wrong =
      words.length === 1
        ? `After "${name}" comes ${words[0]} or nothing, not "${text}".`
        : `"${text}" is none of ${words.join(', ')}.`;
    throw new UsageError(`${wrong}${didYouMean(text, words)}`, name);
  });
}
