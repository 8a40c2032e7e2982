import { sizeOf, type WireMessage } from './codec.js';
import { MAX_SENT, QUESTION_CAP, type Question, queryMessage } from './packet.js';
import type { ResourceRecord } from './records.js';

/** More known answers follow in another packet (TC). RFC 6762 §7.2 */
const TRUNCATED = 1 << 9;
/** Packets that known answers may fill; what is known beyond is answered once more. */
const MAX_KNOWN_PACKETS = 8;

/**
 * The packets of a query, each of which fits on the wire: as many as the questions need, then the known answers in as
 * many as follow. RFC 6762 §7.1, §7.2
 */
export function queryPackets(
  questions: readonly Question[],
  known: readonly ResourceRecord[],
): WireMessage[] {
  const out: WireMessage[] = [];
  let asked: Question[] = [];
  for (const question of questions) {
    const isFull = asked.length === QUESTION_CAP || sizeOf(queryMessage([...asked, question])) > MAX_SENT;
    if (isFull && asked.length > 0) {
      out.push(queryMessage(asked));
      asked = [];
    }
    asked.push(question);
  }
  return asked.length === 0 ? out : [...out, ...withKnown(asked, known)];
}

/** The first packet has the questions and what fits beside them. */
function withKnown(questions: readonly Question[], known: readonly ResourceRecord[]): WireMessage[] {
  const parts: ResourceRecord[][] = [[]];
  let size = sizeOf(queryMessage(questions));
  const empty = sizeOf(queryMessage([]));
  for (const record of known) {
    const more = sizeOf(queryMessage([], [record])) - empty;
    if (size + more > MAX_SENT) {
      if (parts.length === MAX_KNOWN_PACKETS) break;
      parts.push([]);
      size = empty;
    }
    parts.at(-1)?.push(record);
    size += more;
  }
  return parts.map((part, i) => ({
    ...queryMessage(i === 0 ? questions : [], part),
    flags: i < parts.length - 1 ? TRUNCATED : 0,
  }));
}
