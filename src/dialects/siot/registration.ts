import type { NodePart } from '../../domain/command.js';
import { HubError } from '../../domain/errors.js';
import { KEY, stringValue, type Tag } from '../../domain/tag.js';
import { type Element, element } from '../../xmpp/element.js';
import { siotNs } from '../namespaces.js';
import { answerElement, childElements, jidAttribute, required, textOnly, unexpected } from '../read.js';
import type { Row } from '../row.js';

/** The tag that holds the description of the thing, as in XEP-0347. */
const NAME = 'NAME';

/** The most names that a thing may have: each costs an entry among those that a claim can mean. */
const MAX_NAMES = 32;

/** A thing has its bare JID for itself [siot 2.1]. */
const NO_NODE: NodePart = { nodeId: '', sourceId: '', cacheType: '' };

const register: Row<'register'> = {
  operation: 'register',
  generation: 'siot',
  kind: 'iq',
  types: ['set'],
  ns: siotNs,
  name: 'register',
  readRequest: (payload) => {
    const key = text(payload, 'key');
    const [tags, ...otherTags] = readNames(payload).map((name) => tagsOf(name, key));
    if (tags === undefined) throw new HubError('bad-request', '<register/> needs a name.');
    const command = { node: NO_NODE, selfOwned: false, tags, generation: 'siot' } as const;
    return otherTags.length === 0 ? command : { ...command, otherTags };
  },
  writeRequest: (command) => {
    const { name, key } = wordsOf(command.tags);
    const names = [name, ...(command.otherTags ?? []).map((tags) => wordsOf(tags).name)];
    return element('register', siotNs, { name, key }, ...names.map(nameElement));
  },
  // Who owns the thing it is told apart, by `claimed`.
  readAnswer: () => undefined,
  writeAnswer: () => undefined,
};

/**
 * The claimant was never asked whether strangers may find the thing, and registries are outside of Simple IoT
 * [siot 2.4]: what he claims is private.
 */
const claim: Row<'claim'> = {
  operation: 'claim',
  generation: 'siot',
  kind: 'iq',
  types: ['set'],
  ns: siotNs,
  name: 'claim',
  readRequest: (payload) => ({
    tags: tagsOf(text(payload, 'name'), text(payload, 'key')),
    public: false,
  }),
  writeRequest: ({ tags }) => element('claim', siotNs, { ...wordsOf(tags) }),
  readAnswer: (payload) => ({
    thing: { jid: jidAttribute(answerElement(payload, 'claimed')), ...NO_NODE },
    public: false,
  }),
  writeAnswer: ({ thing }) => element('claimed', siotNs, { jid: thing.jid }),
};

/** The owner update notification [siot 5]: a message, which nobody acknowledges. */
const claimed: Row<'claimed'> = {
  operation: 'claimed',
  generation: 'siot',
  kind: 'message',
  types: [],
  ns: siotNs,
  name: 'owner',
  readRequest: (payload) => ({ node: NO_NODE, owner: jidAttribute(payload), public: false }),
  writeRequest: ({ owner }) => element('owner', siotNs, { jid: owner }),
  readAnswer: () => undefined,
  writeAnswer: () => undefined,
};

/** The rows of registration and claim. */
export const registrationRows = [register, claim, claimed] as const;

/**
 * The names of a thing without repeats, the one to show first: the attribute of the prose, else the child without
 * language of the example, else the first child [siot 4].
 */
function readNames(payload: Element): string[] {
  const attribute = payload.attribute('name');
  const plain: string[] = attribute === undefined ? [] : [checked(attribute, 'name')];
  const translated: string[] = [];
  for (const child of childElements(payload)) {
    if (!child.is('name', siotNs)) throw unexpected(payload, child);
    const list = child.attribute('xml:lang') === undefined ? plain : translated;
    list.push(checked(textOnly(child), 'name'));
  }
  const names = [...new Set([...plain, ...translated])];
  if (names.length > MAX_NAMES)
    throw new HubError('bad-request', `A thing has at most ${MAX_NAMES} different names.`);
  return names;
}

/** An attribute that must be there and hold something; as long as a tag's value may be. */
function text(payload: Element, name: string): string {
  return checked(required(payload, name), name);
}

function checked(value: string, name: string): string {
  if (value === '') throw new HubError('bad-request', `The ${name} of a thing may not be empty.`);
  return stringValue(value);
}

function tagsOf(name: string, key: string): readonly Tag[] {
  return [
    { name: NAME, value: name },
    { name: KEY, value: key },
  ];
}

/** Name and key among the tags; whoever writes tags that Simple IoT cannot say is mistaken. */
function wordsOf(tags: readonly Tag[]): { name: string; key: string } {
  const value = (name: string) => tags.find((tag) => tag.name === name)?.value;
  const [name, key] = [value(NAME), value(KEY)];
  if (typeof name !== 'string' || typeof key !== 'string')
    throw new HubError('bad-request', 'In Simple IoT a thing has a NAME and a KEY.');
  return { name, key };
}

function nameElement(name: string): Element {
  return element('name', siotNs, {}, name);
}
