import type { WireMessage, WireRecord } from './codec.js';
import { sizeOf } from './codec.js';
import { encodeLabels, foldName, sameName } from './names.js';
import { fromWire, type ResourceRecord, toWire } from './records.js';

/** Bytes a packet of ours may have, so that it is never fragmented. RFC 6762 §17 */
export const MAX_SENT = 1440;
/** Questions of one packet that are looked at; the rest are ignored. */
export const QUESTION_CAP = 32;

const AUTHORITATIVE = 1 << 10;
const TRUNCATED = 1 << 9;

/** One question of class IN or ANY. */
export interface Question {
  readonly name: string;
  /** A type's name, or `ANY`. */
  readonly type: string;
  /** The asker would take a unicast answer (QU). */
  readonly unicast: boolean;
}

/** A message from the network, checked. */
export interface Message {
  readonly id: number;
  readonly response: boolean;
  /** More known answers follow in another packet (TC). */
  readonly truncated: boolean;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
}

/** Reads what the codec decoded. Throws if a record does not have the shape of its type. */
export function readMessage(wire: WireMessage): Message {
  return {
    id: wire.id ?? 0,
    response: wire.type === 'response',
    truncated: ((wire.flags ?? 0) & TRUNCATED) !== 0,
    questions: readQuestions(wire),
    answers: readRecords(wire.answers),
    authorities: readRecords(wire.authorities),
    additionals: readRecords(wire.additionals),
  };
}

function readQuestions(wire: WireMessage): Question[] {
  const questions: Question[] = [];
  for (const { name, type, class: klass, unicast } of wire.questions ?? []) {
    if (questions.length === QUESTION_CAP) break;
    if (klass !== 'IN' && klass !== 'ANY') continue;
    if (isWritable(name)) questions.push({ name, type, unicast: unicast === true });
  }
  return questions;
}

/** Bytes that are no UTF-8 are read as longer ones, so that a name may be too long for the way back: nobody has it. */
function isWritable(name: string): boolean {
  try {
    encodeLabels(name);
    return true;
  } catch {
    return false;
  }
}

function readRecords(wires: readonly WireRecord[] = []): ResourceRecord[] {
  return wires.map(fromWire).filter((record) => record !== undefined);
}

/** A query: `authorities` are what a probe wants to own. RFC 6762 §8.1 */
export function queryMessage(
  questions: readonly Question[],
  known: readonly ResourceRecord[] = [],
  authorities: readonly ResourceRecord[] = [],
): WireMessage {
  return {
    type: 'query',
    questions: questions.map(({ name, type, unicast }) => ({ name, type, class: 'IN', unicast })),
    answers: known.map((record) => toWire(record, false)),
    authorities: authorities.map((record) => toWire(record, false)),
  };
}

/**
 * Probes for the names of these records, as few packets as hold them: a name's question and its records stay together.
 * RFC 6762 §8.1
 */
export function probePackets(records: readonly ResourceRecord[], unicast: boolean): WireMessage[] {
  const out: WireMessage[] = [];
  let names: string[] = [];
  let wanted: ResourceRecord[] = [];
  const message = (): WireMessage =>
    queryMessage(
      names.map((name) => ({ name, type: 'ANY', unicast })),
      [],
      wanted,
    );
  for (const name of new Map(records.map((record) => [foldName(record.name), record.name])).values()) {
    const before = message();
    const isFirst = names.length === 0;
    const more = records.filter((record) => sameName(record.name, name));
    names = [...names, name];
    wanted = [...wanted, ...more];
    if (isFirst || (names.length <= QUESTION_CAP && sizeOf(message()) <= MAX_SENT)) continue;
    out.push(before);
    names = [name];
    wanted = more;
  }
  return names.length === 0 ? out : [...out, message()];
}

/** A response to all. RFC 6762 §6 */
export function responseMessage(
  answers: readonly ResourceRecord[],
  additionals: readonly ResourceRecord[] = [],
): WireMessage {
  return {
    type: 'response',
    flags: AUTHORITATIVE,
    answers: answers.map((record) => toWire(record)),
    additionals: additionals.map((record) => toWire(record)),
  };
}

/** Seconds that a resolver which knows nothing of mDNS may keep an answer. RFC 6762 §6.7 */
const LEGACY_TTL = 10;

/** Bytes that a resolver which knows nothing of mDNS takes in one datagram. RFC 1035 §4.2.1 */
const LEGACY_SIZE = 512;

/**
 * A response to a resolver that does not speak mDNS: its id and questions repeated, no flush bits, additional records
 * only while all of it fits in 512 bytes. `undefined` if the answers do not fit in a packet. RFC 6762 §6.7
 */
export function legacyMessage(
  query: Message,
  answers: readonly ResourceRecord[],
  additionals: readonly ResourceRecord[],
): WireMessage | undefined {
  const plain = (record: ResourceRecord): WireRecord =>
    toWire({ ...record, ttl: Math.min(record.ttl, LEGACY_TTL) }, false);
  const message: WireMessage = {
    id: query.id,
    type: 'response',
    flags: AUTHORITATIVE,
    questions: query.questions.map(({ name, type }) => ({ name, type, class: 'IN' })),
    answers: answers.map(plain),
  };
  let size = sizeOf(message);
  if (size > MAX_SENT) return undefined;
  const fitting: WireRecord[] = [];
  for (const extra of additionals.map(plain)) {
    size = sizeOf({ ...message, additionals: [...fitting, extra] });
    if (size <= LEGACY_SIZE) fitting.push(extra);
  }
  return { ...message, additionals: fitting };
}

/**
 * Cuts a response into packets that fit: answers are spread over as many as needed, additional records go
 * with the last answers only while they fit.
 */
export function packets(
  answers: readonly ResourceRecord[],
  additionals: readonly ResourceRecord[] = [],
): WireMessage[] {
  const out: WireMessage[] = [];
  let current: ResourceRecord[] = [];
  for (const answer of answers) {
    if (current.length > 0 && sizeOf(responseMessage([...current, answer])) > MAX_SENT) {
      out.push(responseMessage(current));
      current = [];
    }
    current.push(answer);
  }
  const fitting: ResourceRecord[] = [];
  for (const extra of additionals) {
    if (sizeOf(responseMessage(current, [...fitting, extra])) <= MAX_SENT) fitting.push(extra);
  }
  if (current.length > 0) out.push(responseMessage(current, fitting));
  return out;
}
