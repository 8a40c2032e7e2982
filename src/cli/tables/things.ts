import { type Command, hubOptions, ownerOption } from '../command.js';
import { address, from, limit, listWord } from './shared.js';

const searchExamples = `All of the expressions must hold.
  CLASS=lamp  'NAME<>desk'       equal, not equal
  'V>=1.2'  'V<2'  LAT=59..60    numbers; a range with both ends, 59..<60 without the last; LAT<>59..60 is outside
  'SN~39487*'                    a mask, in which * stands for any text
  'NAME~/(desk|floor).*/'        a regular expression for the whole value
  '*LOC=x'                       any tag whose name ends in LOC
  'FLOOR="2"'  '#FLOOR=2'        text, number; without either, a number that finds nothing is tried as text`;
const searchDetails = searchExamples.replace(
  '\n',
  ' Quote them for your shell, which takes < and > for files.\n',
);
const updateDetails = `LAT, LON, ALT and V are numbers, the other tags of XEP-0347 text. For names of your own:
  '#FLOOR=2'  'FLOOR="2"'        a number, a text; without either, what the tag is now, and a number if it is new`;

/** Things: who has them, and how they are found. */
export const thingTable: readonly Command[] = [
  {
    words: ['things'],
    summary: 'The things that registered.',
    positionals: [listWord],
    options: [
      { name: 'owner', value: 'JID', meaning: 'Only those that this owner has.' },
      { name: 'unclaimed', meaning: 'Only those that nobody owns yet.' },
      { name: 'private', meaning: 'Only those that their owner hides from searches.' },
      { name: 'public', meaning: 'Only those that searches find.' },
      { name: 'removed', meaning: 'Only those that their owner took out of the registry.' },
      { name: 'away', meaning: 'Only those that are not connected.' },
      { name: 'match', value: 'TEXT', meaning: 'Only those with TEXT in their address, owner or tags.' },
      from,
      limit(100),
      ...hubOptions,
    ],
    chat: {
      summary: 'Your things; with --unclaimed those that wait for an owner.',
      without: ['public'],
      others: {
        summary: 'The things that everybody finds.',
        options: [from, limit(100)],
        load: async () => (await import('../commands/for-others.js')).things,
      },
    },
    load: async () => (await import('../commands/things.js')).run,
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
    chat: { details: '', without: ['qr', 'png', 'svg'] },
    load: async () => (await import('../commands/things-show.js')).run,
  },
  {
    words: ['things', 'trust'],
    summary: 'Trust the certificate of a thing that was refused.',
    details:
      'A thing that speaks on the link, without any account (XEP-0174), keeps the certificate that it registered with. Without an option the one that was refused is taken instead.',
    positionals: [address],
    options: [
      {
        name: 'fingerprint',
        value: 'HEX',
        meaning: 'The certificate with this SHA-256 fingerprint; the beginning of a refused one is enough.',
      },
      { name: 'forget', meaning: 'No certificate is needed any more.' },
      ownerOption,
      ...hubOptions,
    ],
    load: async () => (await import('../commands/things-trust.js')).run,
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
    chat: { details: searchExamples },
    load: async () => (await import('../commands/search.js')).run,
  },
  {
    words: ['claim'],
    summary: 'Take a thing into your possession.',
    details: "Quote the code for your shell: hearth claim 'iotdisco:…'",
    positionals: [{ name: 'CODE', meaning: 'The text of its QR code; - reads it from standard input.' }],
    options: [
      { name: 'private', meaning: 'Nobody finds the thing by a search.' },
      ownerOption,
      ...hubOptions,
    ],
    chat: {
      summary: 'Take a thing into your possession; the code alone does it too.',
      details: '',
      positionals: [
        { name: 'CODE', meaning: 'The text of its QR code, from "iotdisco:" or "IoTDisco;" on.' },
      ],
    },
    load: async () => (await import('../commands/claim.js')).run,
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
    load: async () => (await import('../commands/update.js')).run,
  },
  {
    words: ['remove'],
    summary: 'Take a thing of yours out of the registry; you go on owning it.',
    positionals: [address],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('../commands/remove.js')).run,
  },
  {
    words: ['disown'],
    summary: 'Give a thing of yours up, so that somebody else can claim it.',
    details:
      'The thing must be on and connected: it acknowledges first, and then waits with a new claim code for its next owner.',
    positionals: [address],
    options: [ownerOption, ...hubOptions],
    load: async () => (await import('../commands/disown.js')).run,
  },
];
