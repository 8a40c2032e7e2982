import { type Command, hubOptions, ownerOption } from './command.js';

const limit = (absent: number) => ({
  name: 'limit',
  value: 'N',
  meaning: `How many at most; ${absent} if not given.`,
});
const from = { name: 'from', value: 'N', meaning: 'Begin with the Nth.' };
const address = { name: 'ADDRESS', meaning: 'The address of the thing.' };
const generate = {
  name: 'generate',
  meaning: 'Generate a password and do not read one from standard input.',
};
const name = { name: 'NAME', meaning: 'The name of the account, the part of its address before the @.' };
const number = { name: 'N', meaning: 'The number of the question, as "hearth pending" shows it.' };
const range = {
  name: 'for',
  value: 'WHOM',
  meaning: 'Whom the answer covers: the asker alone (as without it), all of his domain, or everyone.',
  words: ['jid', 'domain', 'all'],
};
const passwordDetails =
  'The password is the first line of standard input, or generated and shown once where that is a terminal or empty.';

const searchDetails = `All of the expressions must hold. Quote them for your shell, which takes < and > for files.
  CLASS=lamp  'NAME<>desk'       equal, not equal
  'V>=1.2'  'V<2'  LAT=59..60    numbers; a range with both ends, 59..<60 without the last; LAT<>59..60 is outside
  'SN~39487*'                    a mask, in which * stands for any text
  'NAME~/(desk|floor).*/'        a regular expression for the whole value
  '*LOC=x'                       any tag whose name ends in LOC
  'FLOOR="2"'  '#FLOOR=2'        text, number; without either, a number that finds nothing is tried as text`;
const updateDetails = `LAT, LON, ALT and V are numbers, the other tags of XEP-0347 text. For names of your own:
  '#FLOOR=2'  'FLOOR="2"'        a number, a text; without either, what the tag is now, and a number if it is new`;

/** Every command of `hearth`, in the order of the help. */
export const tableOfCommands: readonly Command[] = [
  {
    words: ['run'],
    summary: 'Run the hub, in the foreground.',
    details:
      'No configuration is needed. Standard output gets one line, "ready" and JSON, when the hub is reached; standard\nerror is the log. SIGTERM and SIGINT stop it, SIGHUP makes it read its configuration again.',
    positionals: [],
    options: [
      {
        name: 'config',
        value: 'FILE',
        meaning: 'The configuration file; /etc/hearth/hearth.yaml if not given.',
      },
      { name: 'data', value: 'DIR', meaning: 'The data folder.' },
      { name: 'set', value: 'KEY=VALUE', meaning: 'One setting, such as server.port=5222.', repeats: true },
    ],
    load: async () => (await import('./commands/run.js')).run,
  },
  {
    words: ['status'],
    summary: 'How the hub is, where it is reached, and what needs attention.',
    positionals: [],
    options: hubOptions,
    load: async () => (await import('./commands/status.js')).run,
  },
  {
    words: ['things'],
    summary: 'The things that registered.',
    positionals: [{ name: 'list', meaning: 'The same as without.', optional: true, words: ['list'] }],
    options: [
      { name: 'owner', value: 'JID', meaning: 'Only those that this owner has.' },
      { name: 'unclaimed', meaning: 'Only those that nobody owns yet.' },
      { name: 'private', meaning: 'Only those that their owner hides from searches.' },
      { name: 'removed', meaning: 'Only those that their owner took out of the registry.' },
      { name: 'away', meaning: 'Only those that are not connected.' },
      { name: 'match', value: 'TEXT', meaning: 'Only those with TEXT in their address, owner or tags.' },
      from,
      limit(100),
      ...hubOptions,
    ],
    load: async () => (await import('./commands/things.js')).run,
  },
  {
    words: ['things', 'show'],
    summary: 'One thing, with its tags, rules and questions.',
    details:
      'Its QR code is its claim code while nobody owns it: whoever has that can claim it. Then it is only its address.',
    positionals: [address],
    options: [
      { name: 'qr', meaning: 'Draw its QR code in the terminal, and print its text.' },
      { name: 'png', value: 'FILE', meaning: 'Write its QR code as an image; - is standard output.' },
      { name: 'svg', value: 'FILE', meaning: 'The same as SVG.' },
      ...hubOptions,
    ],
    load: async () => (await import('./commands/things-show.js')).run,
  },
  {
    words: ['search'],
    summary: 'Find claimed, public things by their tags.',
    details: searchDetails,
    positionals: [
      {
        name: 'EXPR',
        meaning: 'What must hold, such as CLASS=lamp; or one search URI, iotdisco:….',
        repeats: true,
      },
    ],
    options: [from, limit(100), ...hubOptions],
    load: async () => (await import('./commands/search.js')).run,
  },
  {
    words: ['claim'],
    summary: 'Take a thing into your possession.',
    details:
      "Quote the code for your shell: hearth claim 'iotdisco:…'\nA thing that is yours already goes by its address: that makes it public, or private, and brings back one that\nyou removed.",
    positionals: [
      { name: 'CODE', meaning: 'The text of its QR code, or its address; - reads it from standard input.' },
    ],
    options: [
      { name: 'private', meaning: 'Nobody finds the thing by a search.' },
      ownerOption,
      ...hubOptions,
    ],
    load: async () => (await import('./commands/claim.js')).run,
  },
  {
    words: ['update'],
    summary: 'Change the tags of a thing of yours.',
    details: updateDetails,
    positionals: [
      address,
      { name: 'TAG=VALUE', meaning: 'A tag to set; TAG= takes it away.', repeats: true },
    ],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('./commands/update.js')).run,
  },
  {
    words: ['remove'],
    summary: 'Take a thing of yours out of the registry; you go on owning it.',
    positionals: [address],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('./commands/remove.js')).run,
  },
  {
    words: ['disown'],
    summary: 'Give a thing of yours up, so that somebody else can claim it.',
    details:
      'The thing must be on and connected: it acknowledges first, and then waits with a new claim code for its next owner.',
    positionals: [address],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('./commands/disown.js')).run,
  },
  {
    words: ['pending'],
    summary: 'The questions that wait for an owner.',
    positionals: [],
    options: [{ name: 'owner', value: 'JID', meaning: 'Only those to this owner.' }, ...hubOptions],
    load: async () => (await import('./commands/pending.js')).run,
  },
  {
    words: ['allow'],
    summary: 'Answer a question with yes, from now on.',
    positionals: [number],
    options: [range, ownerOption, ...hubOptions],
    load: async () => (await import('./commands/decide.js')).allow,
  },
  {
    words: ['deny'],
    summary: 'Answer a question with no, from now on.',
    positionals: [number],
    options: [range, ownerOption, ...hubOptions],
    load: async () => (await import('./commands/decide.js')).deny,
  },
  {
    words: ['rules'],
    summary: 'What is allowed to whom.',
    positionals: [{ name: 'list', meaning: 'The same as without.', optional: true, words: ['list'] }],
    options: [{ name: 'thing', value: 'ADDRESS', meaning: 'Only those about this thing.' }, ...hubOptions],
    load: async () => (await import('./commands/rules.js')).list,
  },
  {
    words: ['rules', 'remove'],
    summary: 'Take an answer back.',
    positionals: [{ name: 'ID', meaning: 'The id of the rule, as "hearth rules" shows it.' }],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('./commands/rules.js')).remove,
  },
  {
    words: ['accounts'],
    summary: 'The accounts of this hub.',
    positionals: [{ name: 'list', meaning: 'The same as without.', optional: true, words: ['list'] }],
    options: hubOptions,
    load: async () => (await import('./commands/accounts.js')).list,
  },
  {
    words: ['accounts', 'add'],
    summary: 'Make an account.',
    details: passwordDetails,
    positionals: [name],
    options: [{ name: 'owner', meaning: 'The account owns the hub.' }, generate, ...hubOptions],
    load: async () => (await import('./commands/accounts.js')).add,
  },
  {
    words: ['accounts', 'remove'],
    summary: 'Remove an account and close its connections.',
    positionals: [name],
    options: hubOptions,
    load: async () => (await import('./commands/accounts.js')).remove,
  },
  {
    words: ['accounts', 'password'],
    summary: 'Give an account a new password.',
    details: passwordDetails,
    positionals: [name],
    options: [generate, ...hubOptions],
    load: async () => (await import('./commands/accounts.js')).changePassword,
  },
  {
    words: ['owner'],
    summary: 'Who owns this hub; a setup code while nobody does.',
    positionals: [],
    options: hubOptions,
    load: async () => (await import('./commands/owner.js')).owner,
  },
  {
    words: ['setup-code'],
    summary: 'A new one-time code that makes one account an owner.',
    positionals: [],
    options: hubOptions,
    load: async () => (await import('./commands/owner.js')).setupCode,
  },
  {
    words: ['audit'],
    summary: 'Who asked what, and what was decided.',
    positionals: [],
    options: [
      { name: 'follow', meaning: 'Go on with each new line, until Ctrl-C.' },
      limit(100),
      ...hubOptions,
    ],
    load: async () => (await import('./commands/audit.js')).run,
  },
  {
    words: ['dhcp-snippet'],
    summary: 'Lines that make a DHCP server name this hub to things.',
    details:
      'Things that look for no mDNS may ask DHCP for option 224 (XEP-0347). Put the lines of your server into its file\nand restart it.',
    positionals: [],
    options: hubOptions,
    load: async () => (await import('./commands/dhcp-snippet.js')).run,
  },
  {
    words: ['thing'],
    summary: 'Run a simulated thing, which finds the hub and waits to be claimed.',
    details:
      'It makes its account, registers, and prints its claim code as QR; a concentrator has one for each thing behind it.\nIt remembers the hub it met first.',
    positionals: [{ name: 'KIND', meaning: 'What it is.', words: ['temperature', 'lamp', 'concentrator'] }],
    options: [
      { name: 'server', value: 'HOST:PORT', meaning: 'Where the hub is; found by mDNS if not given.' },
      {
        name: 'state',
        value: 'DIR',
        meaning: 'Where it keeps its account; ~/.local/state/hearth-things/KIND if not given.',
      },
      { name: 'self-owned', meaning: 'It belongs to itself: everybody finds it, nobody claims it.' },
      {
        name: 'generation',
        value: 'NAME',
        meaning: 'The namespaces that it speaks; what the hub offers if not given, nf first.',
        words: ['xmpp', 'ieee', 'nf', 'nfi'],
      },
      { name: 'json', meaning: 'One JSON object for each event, for programs.' },
    ],
    load: async () => (await import('./commands/thing.js')).run,
  },
];
