import { HubError } from '../../domain/errors.js';
import { type Element, element } from '../../xmpp/element.js';
import { siotNs } from '../namespaces.js';
import { answerElement, childElements, jidAttribute, required, unexpected } from '../read.js';
import type { Row } from '../row.js';

/** The namespace of stanzas: what has none of its own is read in it. */
const CLIENT = 'jabber:client';

/** The most friendships in one message. */
const MOST_STATES = 1000;

/**
 * A thing asks about a friend [siot 6]. The examples have no namespace, all others do: both are answered as they were
 * asked. Answers do not repeat whom they are about: he is the empty string when they are read.
 */
function isFriend(ns: string): Row<'is-friend'> {
  return {
    operation: 'is-friend',
    generation: 'siot',
    kind: 'iq',
    types: ['get'],
    ns,
    name: 'is-friend-query',
    ...(ns === CLIENT ? { unlisted: true as const } : {}),
    readRequest: (payload) => ({ jid: jidAttribute(payload) }),
    writeRequest: ({ jid }) => element('is-friend-query', ns, { jid }),
    readAnswer: (payload) => {
      const friend = required(answerElement(payload, 'is-friend-result'), 'friend');
      if (friend !== 'yes' && friend !== 'no' && friend !== 'pending')
        throw new HubError('bad-request', 'A friend is yes, no or pending.');
      return { jid: '', result: friend === 'yes', pending: friend === 'pending', secondaryTrust: false };
    },
    writeAnswer: ({ result, pending }) =>
      element('is-friend-result', ns, { friend: result ? 'yes' : pending ? 'pending' : 'no' }),
  };
}

/** One friendship of a thing that began or ended. */
export interface FriendshipState {
  readonly jid: string;
  readonly friend: boolean;
}

/** What a thing hears of its friendships [siot 9]: a message may tell of several. */
export function readFriendshipStates(payload: Element): readonly FriendshipState[] {
  const children = childElements(payload);
  if (children.length === 0 || children.length > MOST_STATES)
    throw new HubError('bad-request', `<${payload.name}/> holds 1 to ${MOST_STATES} items.`);
  return children.map((child) => {
    if (!child.is('item', siotNs)) throw unexpected(payload, child);
    const friend = required(child, 'friend');
    if (friend !== 'yes' && friend !== 'no') throw new HubError('bad-request', 'A friend is yes or no.');
    return { jid: jidAttribute(child), friend: friend === 'yes' };
  });
}

/** Friendships as the message to a thing. */
export function writeFriendshipStates(states: readonly FriendshipState[]): Element {
  const items = states.map(({ jid, friend }) =>
    element('item', siotNs, { jid, friend: friend ? 'yes' : 'no' }),
  );
  return element('friendship-states', siotNs, {}, ...items);
}

/** The hub tells of one friendship at a time; who reads several uses `readFriendshipStates`. */
function befriend<Name extends 'friend' | 'unfriend'>(operation: Name): Row<Name> {
  const friend = operation === 'friend';
  return {
    operation,
    generation: 'siot',
    kind: 'message',
    types: [],
    ns: siotNs,
    name: 'friendship-states',
    readRequest: (payload) => {
      const [state, ...more] = readFriendshipStates(payload);
      if (state === undefined || more.length > 0 || state.friend !== friend)
        throw new HubError('bad-request', `<${payload.name}/> says something else than ${operation}.`);
      return { jid: state.jid };
    },
    writeRequest: ({ jid }) => writeFriendshipStates([{ jid, friend }]),
    readAnswer: () => undefined,
    writeAnswer: () => undefined,
  };
}

/** The rows of friendships between things; those with the namespace of Simple IoT first. */
export const friendRows = [
  isFriend(siotNs),
  isFriend(CLIENT),
  befriend('friend'),
  befriend('unfriend'),
] as const;
