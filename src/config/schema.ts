import { choice, flag, jids, list, port, type Setting, text, whole } from './setting.js';

const ADDRESS = /^[0-9A-Fa-f:.]{2,45}$/;
const LABEL = /^(?!-)[A-Za-z0-9-]{1,55}(?<!-)$/;
const DOMAIN = /^(?=.{1,253}$)(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*$/;
const INTERFACE = /^[^\s,/]{1,15}$/;
const PATH = /^[^\0]{1,4096}$/;

const count = (fallback: number, meaning: string, minimum = 1): Setting<number> =>
  whole(fallback, { minimum, maximum: 1_000_000 }, meaning);

/**
 * Every key of the configuration. The typed configuration, its file, the environment, `--set` and
 * docs/configuration.md all come from this table.
 */
export const schema = {
  name: text(LABEL, 'a host label: letters, digits and hyphens, at most 55', {
    meaning:
      'The machine label in mDNS; `<name>-hub.local` where the system itself answers for `<name>.local`.',
    fallbackText: "the machine's host name",
  }),
  domain: text(DOMAIN, 'a domain name', {
    meaning: 'The XMPP domain of the hub. It is kept from the first start; set it before that.',
    fallbackText: '`<name>.local`, kept from the first start',
  }),
  data: text(PATH, 'the path of a folder', {
    meaning: 'Where the hub keeps everything. Nothing is written anywhere else.',
    fallbackText: '`$STATE_DIRECTORY`, `/var/lib/hearth` for root, otherwise `~/.local/state/hearth`',
  }),
  server: {
    enabled: flag(true, 'The embedded XMPP server.'),
    listen: list(['::'], ADDRESS, 'a list of IP addresses', {
      meaning: 'The addresses on which the server listens; `::` is every one.',
    }),
    port: port(5222, 'The port for XMPP with STARTTLS.'),
    tlsPort: port(5223, 'The port for XMPP over TLS from the first byte.'),
    tls: choice('required', ['required', 'optional'], 'Whether a login needs TLS.'),
    registration: choice(
      'open',
      ['open', 'window', 'invite', 'closed'],
      'Who makes accounts over the network: `open` anyone on the local network, within limits; `window` and `invite` only who has the setup code, since the window and invitations come with a later version; `closed` nobody.',
    ),
    scramIterations: whole(
      10_000,
      { minimum: 10_000, maximum: 1_000_000 },
      'Rounds of the password hash for new passwords. More is safer and slower to log in.',
    ),
  },
  linkLocal: {
    enabled: flag(
      true,
      'Messaging without a server (XEP-0174): things and people on the local network that have no account. It needs mDNS.',
    ),
    port: port(5298, 'The port of messaging without a server; any free one if it is taken.'),
  },
  mdns: {
    enabled: flag(true, 'Whether the hub announces itself on the local network.'),
    interfaces: list([], INTERFACE, 'a list of interface names', {
      meaning: 'The network interfaces to announce on.',
      fallbackText: 'all but container and point-to-point ones',
    }),
    globalAddresses: flag(
      false,
      'Whether the global IPv6 addresses of an interface are announced too, beside its local ones.',
    ),
    backend: choice(
      'own',
      ['own', 'avahi'],
      "Who answers for mDNS: the hub itself, or the machine's avahi by its own tools.",
    ),
  },
  web: {
    enabled: flag(true, "The owner's pages. They come with a later version; nothing listens yet."),
    port: port(8080, 'The port of the pages over HTTP.'),
    tlsPort: port(8443, 'The port of the pages over HTTPS.'),
  },
  uplink: {
    mode: choice('off', ['off'], 'The way to the world outside. This version has none.'),
  },
  store: {
    backend: choice('level', ['level'], 'Where the records are kept: LevelDB in the data folder.'),
  },
  trust: {
    owner: jids({
      meaning: 'Addresses outside this hub that may own things here.',
      fallbackText: 'none',
    }),
  },
  provisioning: {
    secondaryTrust: flag(false, 'Whether things may also ask other provisioning servers (XEP-0324 3.1.4).'),
    guard: flag(
      false,
      'Whether the hub itself keeps strangers away from things, for those that ask nobody; `hearth guard` says otherwise for one thing.',
    ),
    aggregate: flag(
      false,
      'Whether services, users and privileges that the hub does not know are remembered for the owner to see (XEP-0324 6.4). They are granted nothing.',
    ),
    selfSigned: flag(
      true,
      'Whether a certificate that nobody else vouches for gets a token. Rules name single certificates, so that this gives nobody anything.',
    ),
    tokenPadding: choice(
      'auto',
      ['auto', 'oaep', 'pkcs1'],
      'How challenges are encrypted: `auto` as the clients of each dialect decrypt them.',
    ),
    challengeMinutes: whole(
      60,
      { minimum: 1, maximum: 10_080 },
      'Minutes for which a token that was proven needs no other proof.',
    ),
    userTokenDays: whole(
      30,
      { minimum: 1, maximum: 3650 },
      'Days after which a user token that is not used ends.',
    ),
  },
  limits: {
    connections: count(2000, 'Connections that are logged in, in all.'),
    connectionsPerAddress: count(1000, 'Connections that are logged in, from one address.'),
    loginConnections: count(200, 'Connections that are not logged in yet, in all.'),
    loginConnectionsPerAddress: count(20, 'Connections that are not logged in yet, from one address.'),
    loginSeconds: whole(30, { minimum: 1, maximum: 3600 }, 'Seconds until a connection must be logged in.'),
    stanzaBytes: whole(
      262_144,
      { minimum: 10_000, maximum: 16_777_216 },
      'Bytes of one stanza of a peer that is logged in (RFC 6120 §13.12 asks for at least 10000).',
    ),
    accounts: count(2000, 'Local accounts.'),
    registrationsPerMinute: count(20, 'Accounts that one address may make per minute.'),
    rosterItems: count(1000, 'Contacts of one account.'),
    things: count(100_000, 'Registered things, in all.'),
    thingsPerAccount: count(1000, 'Things that one account may register: the nodes behind a concentrator.'),
    tags: count(64, 'Tags of one thing.'),
    thingRegistrationsPerMinute: count(600, 'Registrations of things that one account may send per minute.'),
    linkThings: count(
      500,
      'Things without owner that registered over the serverless stream. Beyond that one of them gives way: one that is away, else the oldest.',
    ),
    linkRegistrationsPerMinute: count(
      120,
      'Registrations per minute, in all, of those on the serverless stream who are known by name alone.',
    ),
    tokensPerAccount: count(16, 'Tokens that one account may have.'),
    tokens: count(10_000, 'Tokens, in all.'),
    tokenRequestsPerMinute: count(
      60,
      'Requests about tokens, and of services about users, that one account may send per minute.',
    ),
    services: count(1000, 'Services that the hub knows.'),
    serviceUsers: count(10_000, 'Users of services that the hub knows, in all.'),
    seenPrivileges: count(10_000, 'Privileges that services asked about and that are remembered, in all.'),
    userTokensPerService: count(10_000, 'Users of one service who have access at a time.'),
    questionsPerThing: count(100, 'Questions about one thing that may wait for its owner.'),
    claimMisses: count(20, 'Wrong claims of one claimant until nothing he claims succeeds for 15 minutes.'),
  },
  log: {
    level: choice(
      'info',
      ['debug', 'info', 'warn', 'error'],
      'The least important lines that the log shows.',
    ),
  },
} as const;

/** A table of settings, in groups. */
export type Schema = { readonly [key: string]: Setting<unknown> | Schema };

/** The values that a table of settings describes. */
export type Values<S> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : Values<S[K]>;
};

/** The configuration as the table types it, with what depends on the machine filled in. */
export type Config = Values<typeof schema> & {
  /** The machine label, never absent. */
  readonly name: string;
  /** The data folder, never absent. */
  readonly data: string;
};

/** The table as a list of paths (`server.tlsPort`) and settings, in its order. */
export function settingsOf(
  table: Schema,
  prefix = '',
): readonly (readonly [path: string, setting: Setting<unknown>])[] {
  return Object.entries(table).flatMap(([key, entry]) => {
    const path = `${prefix}${key}`;
    return isSetting(entry) ? [[path, entry] as const] : settingsOf(entry, `${path}.`);
  });
}

/** Whether this entry of the table is a setting, not a group. */
export function isSetting(entry: Setting<unknown> | Schema): entry is Setting<unknown> {
  return entry.kind === 'setting';
}

/** The name of the environment variable for a path: `linkLocal.enabled` is `HEARTH_LINK_LOCAL_ENABLED`. */
export function variableOf(path: string): string {
  return `HEARTH_${path
    .replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
    .replaceAll('.', '_')
    .toUpperCase()}`;
}
