import { type Command, hubOptions } from '../command.js';
import { limit } from './shared.js';

/** What happened, what the network is told, and things that are simulated. */
export const watchingTable: readonly Command[] = [
  {
    words: ['audit'],
    summary: 'Who asked what, and what was decided.',
    positionals: [],
    options: [
      { name: 'follow', meaning: 'Go on with each new line, until Ctrl-C.' },
      limit(100),
      ...hubOptions,
    ],
    chat: { without: ['follow'] },
    load: async () => (await import('../commands/audit.js')).run,
  },
  {
    words: ['dhcp-snippet'],
    summary: 'Lines that make a DHCP server name this hub to things.',
    details:
      'Things that look for no mDNS may ask DHCP for option 224 (XEP-0347). Put the lines of your server into its file\nand restart it.',
    positionals: [],
    options: [
      {
        name: 'name',
        value: 'NAME',
        meaning:
          "The name to say; the hub's mDNS name if not given, which things in other VLANs cannot look up.",
      },
      ...hubOptions,
    ],
    load: async () => (await import('../commands/dhcp-snippet.js')).run,
  },
  {
    words: ['thing'],
    summary: 'Run a simulated thing that finds the hub and waits to be claimed.',
    details:
      'It makes its account, registers, and prints its claim code as QR; a concentrator has one for each thing behind it.\nIt remembers the hub it met first.',
    positionals: [{ name: 'KIND', meaning: 'What it is.', words: ['temperature', 'lamp', 'concentrator'] }],
    options: [
      {
        name: 'server',
        value: 'HOST:PORT',
        meaning: 'Where the hub is; found by mDNS or DHCP if not given.',
      },
      {
        name: 'link-local',
        meaning: 'Without a server and an account: announced on this network itself, as XEP-0174 says.',
      },
      {
        name: 'dhcp-inform',
        meaning: 'Ask DHCP for the hub where mDNS finds none; needs the right to port 68.',
      },
      {
        name: 'state',
        value: 'DIR',
        meaning:
          'Where it keeps what it knows; ~/.local/state/hearth-things/KIND, or KIND-link-local, if not given.',
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
    load: async () => (await import('../commands/thing.js')).run,
  },
];
