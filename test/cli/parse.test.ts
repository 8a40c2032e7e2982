import { describe, expect, it } from 'vitest';
import { othersTable } from '../../src/cli/chat/chat-table.js';
import { helpFor, overview } from '../../src/cli/help.js';
import { parse } from '../../src/cli/parse.js';
import { tableOfCommands } from '../../src/cli/table-of-commands.js';
import { UsageError } from '../../src/cli/usage-error.js';

function read(...args: string[]) {
  const parsed = parse(args, tableOfCommands);
  if (parsed.kind !== 'run') throw new Error(`not a command: ${parsed.kind}`);
  return parsed;
}

function complaint(...args: string[]): string {
  try {
    parse(args, tableOfCommands);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return '';
}

describe('the command line', () => {
  it('finds the command with the most words', () => {
    expect(read('things').command.words).toEqual(['things']);
    expect(read('things', 'list').command.words).toEqual(['things']);
    expect(read('things', 'show', 'lamp@home.local#1').command.words).toEqual(['things', 'show']);
  });

  it('takes options anywhere behind the command, with = or without', () => {
    const { invocation } = read('allow', '--for=domain', '7', '--owner', 'ann@home.local', '--json');
    expect(invocation.required(0)).toBe('7');
    expect(invocation.value('for')).toBe('domain');
    expect(invocation.value('owner')).toBe('ann@home.local');
    expect(invocation.flag('json')).toBe(true);
    expect(invocation.flag('data')).toBe(false);
  });

  it('takes anything behind -- as it is', () => {
    expect(read('claim', '--', '--odd').invocation.required(0)).toBe('--odd');
  });

  it('names the nearest command, option and word', () => {
    expect(complaint('clam', 'x')).toBe('there is no command "clam". Did you mean "hearth claim"?');
    expect(complaint('accounts', 'ad', 'ann')).toBe(
      'there is no command "accounts ad". Did you mean "hearth accounts add"?',
    );
    expect(complaint('claim', 'x', '--privat')).toBe(
      '"claim" has no option "--privat". Did you mean "--private"?',
    );
    expect(complaint('allow', '1', '--for', 'domian')).toMatch(/Did you mean "domain"\?$/);
    expect(complaint('xyzzy')).toBe('there is no command "xyzzy". See: hearth --help');
  });

  it('says what is missing and what is too much', () => {
    expect(complaint('allow')).toMatch(/^"allow" needs N: The number of the question/);
    expect(complaint('status', 'now')).toBe('"status" does not know what to do with "now".');
    expect(() => parse(['things', 'lamp'], othersTable)).toThrow(
      'After "things" comes list or nothing, not "lamp".',
    );
    expect(complaint('status', '--data')).toBe('--data needs a value: DIR.');
    expect(complaint('status', '--json=yes')).toBe('--json takes no value.');
    expect(complaint('status', '--data', 'a', '--data', 'b')).toBe('--data comes twice.');
    expect(complaint('--data', 'x', 'status')).toBe(
      'a command comes first, not "--data". See: hearth --help',
    );
    expect(complaint()).toMatch(/hearth --help/);
  });

  it('gives help for everything, a group and a command', () => {
    expect(parse(['--help'], tableOfCommands)).toEqual({ kind: 'help', words: [] });
    expect(parse(['help', 'accounts'], tableOfCommands)).toEqual({ kind: 'help', words: ['accounts'] });
    expect(parse(['accounts', 'add', '--help'], tableOfCommands)).toEqual({
      kind: 'help',
      words: ['accounts', 'add'],
    });
  });
});

describe('the help', () => {
  it('lists every command on a line of its own, none too wide', () => {
    const lines = overview(tableOfCommands).split('\n');
    for (const { words, summary } of tableOfCommands) {
      const line = lines.find(
        (candidate) => candidate.startsWith(`  ${words.join(' ')}`) && candidate.endsWith(summary),
      );
      expect([words, line?.length ?? Number.POSITIVE_INFINITY]).toEqual([words, expect.any(Number)]);
      expect(line?.length).toBeLessThanOrEqual(100);
    }
  });

  it('of a command is none too wide either, and loses no word', () => {
    for (const command of tableOfCommands) {
      const help = helpFor(command.words, [command]);
      // The table of conditions and the like are as their authors laid them out.
      const written = (command.details ?? '').split('\n');
      for (const line of help.split('\n'))
        if (!written.includes(line)) expect(line.length, line).toBeLessThanOrEqual(100);
      const flat = help.replaceAll(/\s+/g, ' ');
      for (const { meaning } of [...command.positionals, ...command.options]) expect(flat).toContain(meaning);
      expect(flat).toContain((command.details ?? '').replaceAll(/\s+/g, ' '));
    }
  });
});
