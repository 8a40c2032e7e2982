import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatHelp } from '../../src/cli/chat/chat-help.js';
import { othersHub, ownersHub } from '../../src/cli/chat/chat-hub.js';
import { othersTable, ownersTable } from '../../src/cli/chat/chat-table.js';
import { HubConversation } from '../../src/cli/chat/hub-conversation.js';
import { readable } from '../../src/cli/chat/readable.js';
import { wordsOf } from '../../src/cli/chat/words.js';
import { tableOfCommands } from '../../src/cli/table-of-commands.js';
import { UsageError } from '../../src/cli/usage-error.js';
import type { Chatter, Perform } from '../../src/domain/conversation.js';
import { HubError } from '../../src/domain/errors.js';
import { perform } from '../../src/web/perform.js';
import { ManualClock } from '../world/manual-clock.js';
import { FixedAdmin } from './fixed-admin.js';

const ANN: Chatter = { jid: 'ann@home.local', assurance: 'sasl', mayOwn: true };
const STRANGER: Chatter = { jid: 'ann@pronto', assurance: 'unverified', mayOwn: false };

/** Commands that can be written, and those that cannot, on purpose: secrets, ends of things, and what needs a terminal. */
const OWNERS = [
  ...['status', 'things', 'things show', 'search', 'claim', 'pending', 'allow', 'deny', 'rules'],
  ...['rules add', 'rules remove', 'friends', 'explain', 'audit'],
];
const NOBODY = [
  ...['run', 'things trust', 'update', 'remove', 'disown', 'befriend', 'guard', 'secondary-trust'],
  ...['accounts', 'accounts add', 'accounts remove', 'accounts password', 'owner', 'setup-code'],
  ...['tokens', 'tokens revoke', 'tokens remove', 'services', 'services show', 'services users'],
  ...['services name', 'services allow', 'services deny', 'services remove', 'services move'],
  ...['services forget', 'privileges', 'privileges add', 'privileges remove', 'privileges move'],
  ...['privileges roles', 'dhcp-snippet', 'doctor', 'thing'],
];

function hub() {
  const admin = new FixedAdmin();
  const role = 'owner' as const;
  const none = { salt: '', iterations: 0, storedKey: '', serverKey: '' };
  const scram = { 'SHA-1': none, 'SHA-256': none };
  for (const name of ['ann', 'bob'])
    admin.accountsByName.set(name, { name, role, scram, createdAt: 0, createdFrom: '' });
  const ask: Perform = (name, request) => perform(admin, name, request);
  const chat = new HubConversation(ask, new ManualClock());
  return { admin, ask, says: (text: string, chatter = ANN) => chat.answer(text, chatter) };
}

describe('the table of commands in a chat', () => {
  it('has every command, or leaves it out on purpose', () => {
    const names = (table: typeof tableOfCommands) => table.map(({ words }) => words.join(' '));
    expect(names(ownersTable)).toEqual(expect.arrayContaining(OWNERS));
    expect(names(ownersTable)).toHaveLength(OWNERS.length);
    expect(names(tableOfCommands).sort()).toEqual([...OWNERS, ...NOBODY].sort());
    expect(names(othersTable)).toEqual(['status', 'things']);
  });

  it('has no option that says in whose name, or where the hub is', () => {
    const options = [...ownersTable, ...othersTable].flatMap((command) => command.options);
    for (const name of ['owner', 'socket', 'data', 'json', 'follow', 'png'])
      expect(options.map((option) => option.name)).not.toContain(name);
  });

  it('helps in lines that need no columns, without a word of the terminal', () => {
    const all = [
      chatHelp([], ownersTable),
      ...ownersTable.map(({ words }) => readable(chatHelp(words, ownersTable), new Set(OWNERS))),
    ];
    expect(all.join('\n')).not.toMatch(/hearth |your shell/);
  });
});

describe('what is written in a chat', () => {
  it.each([
    ['allow 1', ['allow', '1']],
    ['  allow\n1  ', ['allow', '1']],
    [`allow 1 —fields “Flow, hot”`, ['allow', '1', '--fields', 'Flow, hot']],
    ['allow 1 --Fields="Flow, hot"', ['allow', '1', '--fields=Flow, hot']],
    [`search 'NAME<>the desk' FLOOR="2 a"`, ['search', 'NAME<>the desk', 'FLOOR="2 a"']],
    [`what's up`, ["what's", 'up']],
    ['claim iotdisco:KEY=a;\nMAN=b c --private', ['claim', 'iotdisco:KEY=a;MAN=b c', '--private']],
    ['claim "IoTDisco;KEY:a b" --private', ['claim', 'IoTDisco;KEY:a b', '--private']],
    ['iotdisco:KEY=a', ['iotdisco:KEY=a']],
    ['iotdisco:KEY=aB;MAN="x"', ['iotdisco:KEY=aB;MAN="x"']],
    ['a =" b', ['a', '="', 'b']],
  ])('%j is read as a command line', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it('any text is read, in time', () => {
    const characters = fc.constantFrom('"', "'", '=', ' ', '-', '–', '“', '”', 'a', '\n', 'iotdisco:');
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 200 }), (parts) => {
        try {
          expect(wordsOf(parts.join('')).join('').length).toBeLessThanOrEqual(parts.join('').length + 200);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
    for (const part of ['="', '"', "a' ", ' –a', '\n ', 'iotdisco:"'])
      expect(() => wordsOf(`x${part.repeat(2000)}`)).not.toThrow(RangeError);
  });
});

describe('a conversation with the hub', () => {
  it.each([
    ['STATUS', /^Version: |^Hub: |^State/m],
    ['hearth things', /^lamp@home.local|^No things/],
    ['Things Show lamp@home.local', /^Address: lamp@home.local$/m],
    ['claim IoTDisco;KEY:sesame', /^lamp@home.local is now owned by ann@home.local/],
    ['IOTDISCO:KEY=sesame', /^lamp@home.local is now owned by ann@home.local/],
    [
      'pending',
      /^1 · eve@home.local wants to be friends with lamp@home.local · .*\nAnswer with: allow N, or: deny N$/,
    ],
    ['allow 1 --for all', /^Decided: .*\nThe thing is told. Take it back with: rules remove 7$/],
    ['allow', /^"allow" needs N: The number of the question, as "pending" shows it. See: help allow$/],
    ['alow 1', /^Did you mean "allow"\? Write help/],
    ['allow 1 --form all', /Did you mean "--for"\? See: help allow$/],
    ['rules ad x', /Did you mean "rules add"\?/],
    ['Hello!', /^I am the home hub of home.local, a program. Write help for what I understand.$/],
    ["don't", /^I am the home hub/],
    ["'open", /^A quote begins \('\) and does not end.$/],
    [
      'disown lamp@home.local',
      /^"disown" is not for a chat; on the machine of the hub: hearth disown ADDRESS$/,
    ],
    ['help disown', /^"disown" is not for a chat/],
    ['help frobnicate', /^There is no command "frobnicate". See: help$/],
    ['audit --follow', /has no option "--follow"/],
    ['help allow', /^allow N \[--for WHOM\]/],
    ['rules add --help', /^rules add THING KIND WHO/],
  ])('an owner writes %j', async (text, answer) => {
    expect(await hub().says(text)).toMatch(answer);
  });

  it.each([
    ['status', /^Hub: the home hub of home.local\nState: ready\nThings: 1$/],
    ['things', /^No thing here is for everybody to find.$/],
    ['things --unclaimed', /has no option "--unclaimed"/],
    [
      'things show lamp@home.local',
      /^"things show" is for owners of this hub. On the link a name proves nothing: /,
    ],
    ['iotdisco:KEY=sesame', /^"claim" is for owners .* Or on the machine of the hub: hearth claim CODE$/],
    ['allow 1', /^"allow" is for owners/],
    ['setup-code', /^"setup-code" is not for a chat; on the machine/],
    [
      'help',
      /^status – .*\nthings .*\nhelp COMMAND – More of one.\nOwners of this hub do more here. On the link/m,
    ],
    ['help claim', /^"claim" is for owners/],
  ])('a stranger on the link writes %j', async (text, answer) => {
    const { admin, says } = hub();
    expect(await says(text, STRANGER)).toMatch(answer);
    expect(admin.asked).toEqual([]);
  });

  it('nobody on the link is an owner, by whatever name or certificate', async () => {
    for (const assurance of ['unverified', 'certificate'] as const)
      expect(await hub().says('pending', { ...ANN, assurance })).toMatch(/is for owners/);
  });

  it('the hub is asked in the name of who writes, whatever a command asks', async () => {
    const { ask, admin } = hub();
    const ann = ownersHub(ask, ANN.jid);
    await ann.ask('claim', { code: 'iotdisco:KEY=sesame', owner: 'bob@home.local' });
    expect(admin.lamp.owner).toBe(ANN.jid);
    await expect(ann.ask('setup-code', {})).rejects.toThrow(HubError);
    await expect(ann.ask('accounts', {})).rejects.toThrow(HubError);
    await expect(othersHub(ask).ask('pending', {})).rejects.toThrow(HubError);
    const all = await othersHub(ask).ask('things', { public: false });
    expect(all.things).toMatchObject([{ address: 'lamp@home.local' }]);
  });

  it('nothing is answered to nothing, and a mistake of the program is not hidden', async () => {
    expect(await hub().says(' \n ')).toBeUndefined();
    const broken = new HubConversation(() => Promise.reject(new Error('broken')), new ManualClock());
    await expect(broken.answer('status', ANN)).rejects.toThrow('broken');
  });

  it('answers are without control characters, and cut at a line', () => {
    expect(readable('a\u0000\u001b[1m\u202e\nb\n\n', new Set())).toBe('a\\u{0}\\u{1b}[1m\\u{202e}\nb');
    const long = readable('0123456789\n'.repeat(1000), new Set(), 'things');
    expect(long.length).toBeLessThan(4200);
    expect(long).toMatch(/0123456789\n… and \d+ more lines. How to ask for less: help things$/);
  });

  it('abuse: any text gets an answer, and no KEY is in any', async () => {
    const { says } = hub();
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc
        .array(fc.constantFrom(...OWNERS, ...NOBODY, 'help', '--all', '"', '1', 'x@y', '\0', '<b>'), {
          maxLength: 6,
        })
        .map((words) => words.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(ANN, STRANGER), async (written, chatter) => {
        const answer = await says(written, chatter).catch((error: Error) => {
          if (error.message === 'this hub has no provisioning') return '';
          throw error;
        });
        expect(answer ?? '').not.toMatch(/sesame|[\0-\x09\x0b-\x1f]/);
      }),
    );
  });
});
