import { HubError } from '../../domain/errors.js';
import { type Element, element } from '../../xmpp/element.js';
import { siotNs } from '../namespaces.js';
import { answerElement, childElements, jidAttribute, unexpected } from '../read.js';
import type { Row } from '../row.js';

/** The most friends in one stanza. */
const MOST_FRIENDS = 1000;

/** The owner is told that somebody waits for a decision of his [siot 7]; whom and what with, he has to ask. */
const pendingNotification: Row<'pending-notification'> = {
  operation: 'pending-notification',
  generation: 'siot',
  kind: 'message',
  types: [],
  ns: siotNs,
  name: 'pending-friend-notification',
  readRequest: () => ({}),
  writeRequest: () => element('pending-friend-notification', siotNs),
  readAnswer: () => undefined,
  writeAnswer: () => undefined,
};

/** The owner asks who waits [siot 7]. */
const pendingFriends: Row<'pending-friends'> = {
  operation: 'pending-friends',
  generation: 'siot',
  kind: 'iq',
  types: ['get'],
  ns: siotNs,
  name: 'pending-friend-query',
  readRequest: () => ({}),
  writeRequest: () => element('pending-friend-query', siotNs),
  readAnswer: (payload) => {
    const answer = answerElement(payload, 'pending-friend-requests');
    const friends = someOf(answer).map((child) => {
      if (!child.is('pending-friend', siotNs)) throw unexpected(answer, child);
      return { jid: jidAttribute(child) };
    });
    return { friends };
  },
  writeAnswer: ({ friends }) =>
    element(
      'pending-friend-requests',
      siotNs,
      {},
      ...friends.map(({ jid }) => element('pending-friend', siotNs, { jid })),
    ),
};

/**
 * The owner says who is a friend and who is not [siot 8]. Nobody can be both, nor come twice. The result is shown with
 * type set, which no answer has (RFC 6120 §8.2.3): it is a result without content.
 */
const friendStates: Row<'friend-states'> = {
  operation: 'friend-states',
  generation: 'siot',
  kind: 'iq',
  types: ['set'],
  ns: siotNs,
  name: 'friend-state-update',
  readRequest: (payload) => {
    const items = someOf(payload).map((child) => {
      const friend = child.name === 'friend';
      if (child.ns !== siotNs || !(friend || child.name === 'non-friend')) throw unexpected(payload, child);
      return { jid: jidAttribute(child), friend };
    });
    if (items.length === 0) throw new HubError('bad-request', `<${payload.name}/> names nobody.`);
    if (new Set(items.map(({ jid }) => jid)).size < items.length)
      throw new HubError('bad-request', `<${payload.name}/> names somebody twice.`);
    return { items };
  },
  writeRequest: ({ items }) =>
    element(
      'friend-state-update',
      siotNs,
      {},
      ...items.map(({ jid, friend }) => element(friend ? 'friend' : 'non-friend', siotNs, { jid })),
    ),
  readAnswer: () => undefined,
  writeAnswer: () => undefined,
};

/** The rows of what owners hear and say about friends. */
export const ownerRows = [pendingNotification, pendingFriends, friendStates] as const;

function someOf(payload: Element): Element[] {
  const children = childElements(payload);
  if (children.length > MOST_FRIENDS)
    throw new HubError('bad-request', `<${payload.name}/> holds at most ${MOST_FRIENDS} addresses.`);
  return children;
}
