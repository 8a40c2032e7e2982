import { backslashForm, formOf, namesOf } from './discovery-text.js';
import { HubError } from './errors.js';
import { KEY } from './tag.js';

/** What a discovery string is good for: to claim a thing, to search for things, or to name one. */
export type DiscoveryKind = 'claim' | 'search' | 'direct';

/** Tags that name one thing by its address. */
const ADDRESS = ['JID', 'NID', 'SID', 'PT'] as const;

/**
 * Which kind of discovery string a text is, by the names of its tags: with KEY a claim code, with the parts of an
 * address a direct URI, otherwise a search URI; `undefined` where it is no discovery string at all. Says nothing on
 * whether it can be read whole. Never throws.
 */
export function discoveryKind(text: string): DiscoveryKind | undefined {
  const form = formOf(text);
  if (form === undefined) return undefined;
  const names = namesOf(text, form);
  if (form === backslashForm || names.has(KEY)) return 'claim';
  return ADDRESS.some((name) => names.has(name)) ? 'direct' : 'search';
}

/** How the refusals of one kind read: what the text is not, and what to do. */
const REFUSALS = {
  claim: {
    code: 'claim-code-malformed',
    is: 'a claim code',
    hint: 'Copy the whole text of the QR code.',
  },
  search: {
    code: 'bad-request',
    is: 'a search URI',
    hint: 'Write it as in iotdisco:CLASS=lamp;#LAT>=59;#LAT<=60.',
  },
  direct: {
    code: 'bad-request',
    is: 'the URI of a thing',
    hint: 'Write it as in iotdisco:JID=lamp%40home.local.',
  },
} as const;

/** Reads or writes a discovery string of this kind: what `run` refuses becomes a whole sentence with the kind's code. */
export function asKind<T>(kind: DiscoveryKind, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof HubError)) throw cause;
    const { code, is, hint } = REFUSALS[kind];
    const what = cause.message.replace(/\.$/, '');
    throw new HubError(code, `This is not ${is}: ${what}. ${hint}`, { cause });
  }
}
