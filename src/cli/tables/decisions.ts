import { type Command, hubOptions, type Option, ownerOption, type Positional } from '../command.js';
import { ruleKinds } from '../rule-kind.js';
import { scopeOptions } from '../scope-options.js';
import { from, limit, listWord } from './shared.js';

const number: Positional = {
  name: 'N',
  meaning: 'The number of the question, as "hearth pending" shows it.',
};
const range: Option = {
  name: 'for',
  value: 'WHOM',
  meaning:
    'Whom the answer covers: the asker alone (as without it), all of his domain, everyone; or whoever brings the service, device or user token that came with the question.',
  words: ['jid', 'domain', 'all', 'service', 'device', 'user'],
};
const everything: Option = {
  name: 'all',
  meaning: 'All fields and categories, or all parameters: not only what was asked for.',
};
const kindOption: Option = {
  name: 'kind',
  value: 'KIND',
  meaning: 'Only those of this kind.',
  words: ruleKinds,
};
const thing: Positional = {
  name: 'THING',
  meaning: 'The address of the thing; that of a device covers all that is behind it.',
};
const kind: Positional = { name: 'KIND', meaning: 'What it is about.', words: ruleKinds };
const setting: Positional = {
  name: 'VALUE',
  meaning: 'What holds from now on, "default" what the configuration says; shown if not given.',
  optional: true,
  words: ['on', 'off', 'default'],
};

const allowDetails = `A yes allows what was asked for and no more; --all, or lists of your own, say otherwise. It takes away earlier
denials of the same to the same caller. "hearth rules" shows what came of it.`;
const denyDetails = `A no forbids everything to the caller, unless lists say what. It sticks: he is not asked about again.`;
const addDetails = `WHO is one of
  anna@home.local              an address
  @home.local                  everyone of a domain
  everyone                     everyone
  service:NAME                 whoever brings a token of this service; or the beginning of its fingerprint
  device:FINGERPRINT           whoever brings a token of this device; device:JID names it by its account
  user:SERVICE/NAME            a user of a service
Reading and control go by all of them, friendship by addresses only. A denial wins over what is allowed to the same
address; of several tokens the most forgiving one counts.`;

/** Who may befriend, read and control what. */
export const decisionTable: readonly Command[] = [
  {
    words: ['pending'],
    summary: 'The questions that wait for an owner.',
    positionals: [],
    options: [
      { name: 'owner', value: 'JID', meaning: 'Only those to this owner.' },
      kindOption,
      ...hubOptions,
    ],
    chat: { summary: 'The questions that wait for you.' },
    load: async () => (await import('../commands/pending.js')).run,
  },
  {
    words: ['allow'],
    summary: 'Answer a question with yes, from now on.',
    details: allowDetails,
    positionals: [number],
    options: [range, everything, ...scopeOptions, ownerOption, ...hubOptions],
    chat: {},
    load: async () => (await import('../commands/decide.js')).allow,
  },
  {
    words: ['deny'],
    summary: 'Answer a question with no, from now on.',
    details: denyDetails,
    positionals: [number],
    options: [range, everything, ...scopeOptions, ownerOption, ...hubOptions],
    chat: {},
    load: async () => (await import('../commands/decide.js')).deny,
  },
  {
    words: ['rules'],
    summary: 'What is allowed to whom.',
    positionals: [listWord],
    options: [
      { name: 'thing', value: 'ADDRESS', meaning: 'Only those that matter for this thing.' },
      kindOption,
      ...hubOptions,
    ],
    chat: {},
    load: async () => (await import('../commands/rules.js')).list,
  },
  {
    words: ['rules', 'add'],
    summary: 'Allow or forbid something that nobody asked about.',
    details: addDetails,
    positionals: [
      thing,
      kind,
      { name: 'WHO', meaning: 'An address, @DOMAIN, everyone, service:…, device:… or user:….' },
    ],
    options: [{ name: 'deny', meaning: 'Forbid it.' }, ...scopeOptions, ownerOption, ...hubOptions],
    chat: {},
    load: async () => (await import('../commands/rules.js')).add,
  },
  {
    words: ['rules', 'remove'],
    summary: 'Take an answer back.',
    positionals: [{ name: 'ID', meaning: 'The id of the rule, as "hearth rules" shows it.' }],
    options: [ownerOption, ...hubOptions],
    chat: {},
    load: async () => (await import('../commands/rules.js')).remove,
  },
  {
    words: ['friends'],
    summary: 'Who is a friend of what, by which rule, and who is connected.',
    positionals: [{ ...thing, optional: true }],
    options: [from, limit(100), ...hubOptions],
    chat: {},
    load: async () => (await import('../commands/friends.js')).run,
  },
  {
    words: ['explain'],
    summary: 'Why somebody may do something or not, and how to change it.',
    details:
      'Nobody is asked or told. An identity is given as if the caller had brought a token of it, and proven it.',
    positionals: [
      { ...thing, meaning: 'The address of the thing.' },
      { name: 'CALLER', meaning: 'The address of the one who wants something of it.' },
      kind,
    ],
    options: [
      { name: 'field', value: 'NAME', meaning: 'This field, for reading; all if not given.', repeats: true },
      {
        name: 'parameter',
        value: 'NAME',
        meaning: 'This parameter, for control; all if not given.',
        repeats: true,
      },
      { name: 'service', value: 'NAME', meaning: 'With a token of this service.', repeats: true },
      {
        name: 'device',
        value: 'FINGERPRINT',
        meaning: 'With a token of this device; the address of its account does as well.',
        repeats: true,
      },
      { name: 'user', value: 'SERVICE/NAME', meaning: 'With a token of this user.', repeats: true },
      ...hubOptions,
    ],
    chat: {},
    load: async () => (await import('../commands/explain.js')).run,
  },
  {
    words: ['guard'],
    summary: 'Whether the hub itself keeps strangers away from a device.',
    details:
      'For things that ask nobody: only its owner, the hub and its friends reach a guarded device. What others send it\nis refused, and whoever wants to befriend it becomes a question.',
    positionals: [{ name: 'THING', meaning: 'The address of the device.' }, setting],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('../commands/device-setting.js')).guard,
  },
  {
    words: ['secondary-trust'],
    summary: 'Whether a device may also ask other provisioning servers.',
    positionals: [{ name: 'THING', meaning: 'The address of the device.' }, setting],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('../commands/device-setting.js')).secondaryTrust,
  },
  {
    words: ['befriend'],
    summary: 'Make a device trust this hub, by a press of its button.',
    details:
      'The hub asks it for its friendship. For devices that have a light and a button, and trust no provisioning server yet. Stand at the device: it must be\non and connected, and its light flashes for a short time only.',
    positionals: [{ name: 'JID', meaning: 'The address of the device.' }],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('../commands/befriend.js')).run,
  },
];
