import type { OperationName, Operations } from '../domain/command.js';
import type { Dialect } from '../domain/generation.js';
import type { NodeAddress } from '../domain/node-address.js';
import type { Notice, NoticeBody } from '../domain/notice.js';
import { formatQuestions } from '../domain/question.js';
import type { Element } from '../xmpp/element.js';
import { findRow } from './table.js';

/** How a thing talks: its dialect, and the address of the hub that it knows. */
export interface Manner {
  readonly generation: Dialect;
  readonly hub: string;
}

/** What a receiver is sent: a request that it answers, a payload in a message, text for a person, or nothing at all. */
export type Outgoing =
  | { readonly kind: 'iq'; readonly from: string; readonly payload: Element }
  | { readonly kind: 'message'; readonly from: string; readonly payload: Element }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing' };

/** A notice as the receiver's dialect writes it; nothing where that has no word for it. */
export function writeNotice(notice: Notice, mannerOf: (thing: NodeAddress) => Manner): Outgoing {
  const { body } = notice;
  if (body.operation === 'tell') return { kind: 'text', text: body.text };
  if (body.operation === 'ask') return { kind: 'text', text: formatQuestions(body.thing, body.questions) };
  const manner = mannerOf(body.thing);
  const { operation, command } = toCommand(body);
  const row = findRow(operation, manner.generation);
  if (row === undefined) return { kind: 'nothing' };
  return { kind: row.kind, from: manner.hub, payload: row.writeRequest(command) };
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
