import type { Manner } from '../domain/manner.js';
import { formatQuestions, type Question } from '../domain/question.js';
import type { Element } from '../xmpp/element.js';
import type { PersonalMessage } from './courier.js';
import { findRow } from './table.js';

/** A question in the words of the owner's program, and a person's beside; `undefined` where it has no words for it. */
export function writeQuestion(question: Question, { generation, hub }: Manner): PersonalMessage | undefined {
  const payload = payloadOf(question, generation);
  return payload && { text: formatQuestions(question.thing, [question]), payload, from: hub };
}

function payloadOf(question: Question, generation: Manner['generation']): Element | undefined {
  const { thing, caller, key, kind } = question;
  const about = { device: thing.jid, remote: caller, key };
  const { nodeId, sourceId, cacheType } = thing;
  const node = nodeId === '' ? {} : { node: { nodeId, sourceId, cacheType } };
  const { categories = [], names = [], tokens = NO_TOKENS } = question.wants ?? {};
  switch (kind) {
    case 'friend':
      // Simple IoT says only that somebody waits.
      return (
        findRow('friend-question', generation)?.writeRequest(about) ??
        findRow('pending-notification', generation)?.writeRequest({})
      );
    case 'read':
      return findRow('read-question', generation)?.writeRequest({
        ...about,
        ...node,
        tokens,
        categories,
        fields: names,
      });
    case 'control':
      return findRow('control-question', generation)?.writeRequest({
        ...about,
        ...node,
        tokens,
        parameters: names,
      });
  }
}

const NO_TOKENS = { service: [], device: [], user: [] };
