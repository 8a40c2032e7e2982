import { type Command, hubOptions, type Option, ownerOption, type Positional } from '../command.js';
import { listWord } from './shared.js';

const service: Positional = {
  name: 'SERVICE',
  meaning: 'Its name, or the first digits of its fingerprint, at least eight.',
};
const rule: Positional = { name: 'RULE', meaning: 'The rule, as "hearth services show" numbers it.' };
const place: Positional = { name: 'PLACE', meaning: 'Where it goes, from 1.' };
const condition: Positional = {
  name: 'CONDITION',
  meaning: 'What must hold of the user; all of them. Without one the rule is about everybody.',
  optional: true,
  repeats: true,
};
const at: Option = { name: 'at', value: 'PLACE', meaning: 'Its place, from 1; the last if not given.' };
const whose: Positional = {
  name: 'WHOSE',
  meaning:
    'user:NAME, role:NAME, or "default" for those who have not logged in; a name alone where only one has it.',
};
const privilege: Positional = {
  name: 'PRIVILEGE',
  meaning: 'Its id, such as Databases.Energy; with it goes all that is below.',
};

const conditionDetails = `A service asks the hub whether a user may use it. The first rule that fits decides; without one he may not. What a
service says of its users only the service has verified. Conditions:
  jid=anna@example.org  jid=*@example.org  domain=example.org  user=NAME  sso=TOKEN
  ip=10.0.0.0/8  host=*.example.org  protocol=HTTPS
  certificate=THUMBPRINT  thumbprint=THUMBPRINT            a whole valid certificate; or its thumbprint alone
  box=SOUTH,WEST,NORTH,EAST  circle=LAT,LON,METRES  altitude=MIN..MAX`;
const privilegeDetails = `Each user of a service has a list; the first line that covers a privilege decides, and without one the answer is no.
After his own lines come those of his roles, in their order. Who has not logged in has the default list.`;

const options = [ownerOption, ...hubOptions];

/** Tokens, services, and what their users may do. */
export const serviceTable: readonly Command[] = [
  {
    words: ['tokens'],
    summary: 'The certificates by which things and services are known.',
    positionals: [listWord],
    options: hubOptions,
    load: async () => (await import('../commands/tokens.js')).list,
  },
  {
    words: ['tokens', 'revoke'],
    summary: 'End a certificate for good, and all that rules grant to it.',
    positionals: [{ name: 'FINGERPRINT', meaning: 'Its first digits, at least eight.' }],
    options,
    load: async () => (await import('../commands/tokens.js')).revoke,
  },
  {
    words: ['tokens', 'remove'],
    summary: 'End the tokens that an account got; it can ask for new ones.',
    positionals: [{ name: 'JID', meaning: 'The address of the account.' }],
    options,
    load: async () => (await import('../commands/tokens.js')).remove,
  },
  {
    words: ['services'],
    summary: 'The services that ask the hub what their users may do.',
    positionals: [listWord],
    options: hubOptions,
    load: async () => (await import('../commands/services.js')).list,
  },
  {
    words: ['services', 'show'],
    summary: 'One service, and who may use it.',
    positionals: [service],
    options: hubOptions,
    load: async () => (await import('../commands/services.js')).one,
  },
  {
    words: ['services', 'users'],
    summary: 'The users of a service that the hub knows.',
    positionals: [service],
    options: hubOptions,
    load: async () => (await import('../commands/services.js')).users,
  },
  {
    words: ['services', 'name'],
    summary: 'Name a service, by its certificate; that is how it is set up.',
    positionals: [
      {
        name: 'FINGERPRINT',
        meaning: 'The first digits of its fingerprint, at least eight; or its name until now.',
      },
      { name: 'NAME', meaning: 'What it is called from now on.' },
    ],
    options,
    load: async () => (await import('../commands/services.js')).name,
  },
  {
    words: ['services', 'allow'],
    summary: 'Let users use a service.',
    details: conditionDetails,
    positionals: [service, condition],
    options: [at, ...options],
    load: async () => (await import('../commands/services.js')).allow,
  },
  {
    words: ['services', 'deny'],
    summary: 'Keep users from a service.',
    details: conditionDetails,
    positionals: [service, condition],
    options: [at, ...options],
    load: async () => (await import('../commands/services.js')).deny,
  },
  {
    words: ['services', 'remove'],
    summary: 'Take a rule about the users of a service away.',
    positionals: [service, rule],
    options,
    load: async () => (await import('../commands/services.js')).remove,
  },
  {
    words: ['services', 'move'],
    summary: 'Give a rule about the users of a service another place.',
    positionals: [service, rule, place],
    options,
    load: async () => (await import('../commands/services.js')).move,
  },
  {
    words: ['services', 'forget'],
    summary: 'Forget a service, with all that it has.',
    positionals: [service],
    options: [{ name: 'privileges', meaning: 'Forget only which privileges it asked about.' }, ...options],
    load: async () => (await import('../commands/services.js')).forget,
  },
  {
    words: ['privileges'],
    summary: 'What the users of a service may do there.',
    details: privilegeDetails,
    positionals: [service, { ...whose, optional: true }],
    options: hubOptions,
    load: async () => (await import('../commands/privileges.js')).list,
  },
  {
    words: ['privileges', 'add'],
    summary: 'Add a line to a list; makes the user or role.',
    details: privilegeDetails,
    positionals: [service, whose, privilege],
    options: [{ name: 'exclude', meaning: 'The line takes the privilege away.' }, at, ...options],
    load: async () => (await import('../commands/privileges.js')).add,
  },
  {
    words: ['privileges', 'remove'],
    summary: 'Take a line out of a list, or the whole list.',
    positionals: [service, whose, { ...privilege, optional: true }],
    options: [{ name: 'all', meaning: 'The whole list: the user or the role is gone.' }, ...options],
    load: async () => (await import('../commands/privileges.js')).remove,
  },
  {
    words: ['privileges', 'move'],
    summary: 'Give a line of a list another place.',
    positionals: [service, whose, privilege, place],
    options,
    load: async () => (await import('../commands/privileges.js')).move,
  },
  {
    words: ['privileges', 'roles'],
    summary: 'Give a user these roles, in their order; none without any.',
    positionals: [
      service,
      { name: 'USER', meaning: 'The name of the user.' },
      { name: 'ROLE', meaning: 'A role of the service.', optional: true, repeats: true },
    ],
    options,
    load: async () => (await import('../commands/privileges.js')).roles,
  },
];
