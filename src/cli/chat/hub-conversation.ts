import type { Chatter, Conversation, Perform } from '../../domain/conversation.js';
import { isOwner } from '../../domain/conversation.js';
import { HubError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import type { Clock } from '../../system/clock.js';
import { version } from '../../system/version.js';
import type { Command } from '../command.js';
import { type Parsed, parse } from '../parse.js';
import { tableOfCommands } from '../table-of-commands.js';
import { UsageError } from '../usage-error.js';
import { chatHelp } from './chat-help.js';
import { othersHub, ownersHub } from './chat-hub.js';
import { ChatShell } from './chat-shell.js';
import { CHAT_PAGE, commandOf, inSmallLetters, othersTable, ownersTable } from './chat-table.js';
import { become, instead } from './instead.js';
import { readable } from './readable.js';
import { wordsOf } from './words.js';

/** Longest message that is read, in characters; claim codes of the largest QR codes are shorter. */
const LONGEST = 4096;

/** The code of a thing, in a complaint about what was written. */
const CODE = /(iotdisco[:;])[^\s"]+/gi;

/** The hub's commands in a chat: the same table and the same parser as those of the terminal. */
export class HubConversation implements Conversation {
  private readonly perform: Perform;
  private readonly clock: Pick<Clock, 'now'>;

  constructor(perform: Perform, clock: Pick<Clock, 'now'>) {
    this.perform = perform;
    this.clock = clock;
  }

  async answer(text: string, chatter: Chatter): Promise<string | undefined> {
    if (text.trim() === '') return undefined;
    const table = isOwner(chatter) ? ownersTable : othersTable;
    const known = new Set(table.map(({ words: [first = ''] }) => first));
    try {
      if (text.length > LONGEST)
        return `That is longer than I read, ${LONGEST} characters. Write help for what I understand.`;
      const words = addressed(inSmallLetters(wordsOf(text)));
      const name = commandOf(words, table)?.words.join(' ');
      return readable(await this.reply(words, chatter, table), known, name);
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof HubError)) throw error;
      return readable(complaint(error), known);
    }
  }

  private async reply(
    words: readonly string[],
    chatter: Chatter,
    table: readonly Command[],
  ): Promise<string> {
    const asked = words[0] === 'help' ? words.slice(1) : words;
    const all = commandOf(asked, tableOfCommands);
    const here = table.some((command) => command.words.join() === all?.words.join());
    if (all !== undefined && !here) return instead(all, chatter, await this.perform('status', {}));
    if (all === undefined && words[0] !== 'help') return this.greet(words[0] ?? '', table);
    return this.run(parse(words, table), chatter, table);
  }

  private async run(parsed: Parsed, chatter: Chatter, table: readonly Command[]): Promise<string> {
    if (parsed.kind === 'version') return `Hearth ${version}`;
    if (parsed.kind === 'help') return this.help(parsed.words, chatter, table);
    const { command, invocation } = parsed;
    const owner = isOwner(chatter);
    const hub = owner ? ownersHub(this.perform, chatter.jid) : othersHub(this.perform);
    const shell = new ChatShell(hub, this.clock);
    const paged = command.options.some(({ name }) => name === 'limit');
    await (await command.load())(
      paged ? invocation.withDefault('limit', String(CHAT_PAGE)) : invocation,
      shell,
    );
    return shell.output;
  }

  private async help(words: readonly string[], chatter: Chatter, table: readonly Command[]): Promise<string> {
    const list = chatHelp(words, table);
    if (words.length > 0) return list;
    const place = await this.perform('status', {});
    const more = isOwner(chatter) ? [] : [`Owners of this hub do more here. ${become(chatter, place)}`];
    return [`I am the home hub of ${place.domain}. Write one of these:`, list, ...more].join('\n');
  }

  /** A greeting, or nonsense. */
  private async greet(first: string, table: readonly Command[]): Promise<string> {
    const meant = nearest(first, ['help', ...table.map(({ words: [word = ''] }) => word)]);
    if (meant !== undefined) return `Did you mean "${meant}"? Write help for all that I understand.`;
    const { domain } = await this.perform('status', {});
    return `I am the home hub of ${domain}, a program. Write help for what I understand.`;
  }
}

/** What the words ask of the hub, as they would be typed: `hearth` before them is none, `?` is help, a code is claimed. */
function addressed(words: readonly string[]): string[] {
  const [first = '', ...rest] = words;
  const word = first.toLowerCase();
  if (word === 'hearth' && rest.length > 0) return addressed(inSmallLetters(rest));
  if (['?', 'help', 'help!', 'help?', '/help', '--help', '-h'].includes(word))
    return ['help', ...inSmallLetters(rest)];
  return /^iotdisco[:;]/i.test(first) ? ['claim', ...words] : [word, ...rest];
}

/** A sentence for who wrote it; a code that he wrote is not said again. */
function complaint(error: UsageError | HubError): string {
  const said = error.message.replaceAll(CODE, '$1…');
  const text = said.charAt(0).toUpperCase() + said.slice(1);
  return error instanceof UsageError && error.command !== '' ? `${text} See: help ${error.command}` : text;
}
