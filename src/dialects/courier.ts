import type { OperationName, Operations } from '../domain/command.js';
import type { Manner } from '../domain/manner.js';
import type { NodeAddress } from '../domain/node-address.js';
import type { Notice, NoticeBody } from '../domain/notice.js';
import { formatQuestions, type Question } from '../domain/question.js';
import type { Element } from '../xmpp/element.js';
import { writeQuestion } from './owner-question.js';
import { findRow } from './table.js';

/** What a receiver is sent: a request that it answers, a payload in a message, messages to a person, or nothing. */
export type Outgoing =
  | { readonly kind: 'iq'; readonly from: string; readonly payload: Element }
  | { readonly kind: 'message'; readonly from: string; readonly payload: Element }
  | { readonly kind: 'person'; readonly messages: readonly PersonalMessage[] }
  | { readonly kind: 'nothing' };

/** Words for a person; for his program too, where it has some for that. */
export interface PersonalMessage {
  readonly text: string;
  readonly payload?: Element;
  /** The hub's address that he knows; its own where he has not used another. */
  readonly from?: string;
}

/** What the writing of notices needs to know. */
export interface NoticeFacts {
  mannerOf(thing: NodeAddress): Manner;
  /** How an owner's program (bare JID) talks; `undefined` for a person alone. */
  ownerManner(owner: string): Manner | undefined;
  /** The question with this number, while it waits. */
  question(number: number): Question | undefined;
}

/** A notice as the receiver's dialect writes it; nothing where that has no word for it. */
export function writeNotice(notice: Notice, facts: NoticeFacts): Outgoing {
  const { body } = notice;
  if (body.operation === 'tell') return { kind: 'person', messages: [{ text: body.text }] };
  if (body.operation === 'ask') return { kind: 'person', messages: askOf(notice.to, body, facts) };
  const manner = facts.mannerOf(body.thing);
  const { operation, command } = toCommand(body);
  const row = findRow(operation, manner.generation);
  if (row === undefined) return { kind: 'nothing' };
  return { kind: row.kind, from: manner.hub, payload: row.writeRequest(command) };
}

/** A program gets each question by itself, a person one text about all of them; both get none that was answered. */
function askOf(
  owner: string,
  body: Extract<NoticeBody, { operation: 'ask' }>,
  facts: NoticeFacts,
): PersonalMessage[] {
  const waiting = body.questions.flatMap(({ number }) => facts.question(number) ?? []);
  const [first] = waiting;
  if (first === undefined) return [];
  const manner = facts.ownerManner(owner);
  const written = manner && waiting.map((question) => writeQuestion(question, manner));
  if (written?.every((message) => message !== undefined)) return written;
  return [{ text: formatQuestions(body.thing, waiting) }];
}

interface Outbound {
  readonly operation: OperationName;
  readonly command: Operations[OperationName]['command'];
}

function toCommand(body: Exclude<NoticeBody, { operation: 'tell' | 'ask' }>): Outbound {
  const { nodeId, sourceId, cacheType } = body.thing;
  const node = { nodeId, sourceId, cacheType };
  switch (body.operation) {
    case 'claimed':
      return { operation: 'claimed', command: { node, owner: body.owner, public: body.public } };
    case 'removed':
    case 'disowned':
    case 'clear-cache':
      return { operation: body.operation, command: { node } };
    default:
      return { operation: body.operation, command: { jid: body.jid } };
  }
}
