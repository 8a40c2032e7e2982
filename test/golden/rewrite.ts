import type { Row } from '../../src/dialects/row.js';
import { readFriendshipStates, writeFriendshipStates } from '../../src/dialects/siot/friends.js';
import { rowOf, rows } from '../../src/dialects/table.js';
import {
  readRejected,
  readReq,
  readState,
  SENSOR_DATA,
  writeReq,
  writeState,
} from '../../src/dialects/xep0323.js';
import { CONTROL, readSet, readSetResponse, writeSet, writeSetResponse } from '../../src/dialects/xep0325.js';
import type { OperationName } from '../../src/domain/command.js';
import { type ErrorCode, errorTable, HubError } from '../../src/domain/errors.js';
import type { Dialect } from '../../src/domain/generation.js';
import type { Element } from '../../src/xmpp/element.js';
import { errorCondition, errorReply, failureReply } from '../../src/xmpp/stanza.js';
import { plain } from './stanzas.js';

/** What the payloads between callers and things are read and written by, as far as the examples of XEP-0324 go. */
const codecs: Readonly<Record<string, (payload: Element) => Element>> = {
  [`${SENSOR_DATA} req`]: (payload) => writeReq(readReq(payload)),
  [`${SENSOR_DATA} accepted`]: (payload) => writeState('accepted', readState(payload)),
  [`${SENSOR_DATA} rejected`]: (payload) => {
    throw readRejected(payload);
  },
  [`${CONTROL} set`]: (payload) => writeSet(readSet(payload)),
  [`${CONTROL} setResponse`]: (payload) => writeSetResponse(readSetResponse(payload)),
};

/**
 * Reads stanzas by what the dialects have for them and writes each again; returns the payloads, and the refusals, as
 * plain data. An answer belongs to the request with its id, else to `operation`.
 */
export function rewrite(stanzas: readonly Element[], operation: OperationName, dialect: Dialect): unknown[] {
  const asked = new Map<string, Row<OperationName>>();
  return stanzas.map((stanza) => {
    const payload = stanza.elements()[0];
    const codec = payload && codecs[`${payload.ns} ${payload.name}`];
    if (payload !== undefined && codec !== undefined) return byCodec(stanza, () => codec(payload));
    const type = stanza.attribute('type');
    if (type === 'error') return refusalOf(errorReply(stanza, codeOf(stanza)));
    if (type === 'result') {
      const row = asked.get(stanza.attribute('id') ?? '') ?? rowOfAnswer(operation, dialect, payload);
      return plain(row.writeAnswer(row.readAnswer(payload)));
    }
    if (payload?.name === 'friendship-states')
      return plain(writeFriendshipStates(readFriendshipStates(payload)));
    const row = payload && rowFor(payload, stanza, dialect);
    if (payload === undefined || row === undefined) throw new Error(`no row reads <${payload?.name}/>`);
    asked.set(stanza.attribute('id') ?? '', row);
    return plain(row.writeRequest(row.readRequest(payload)));
  });
}

/** What the same stanzas say as they stand. */
export function asWritten(stanzas: readonly Element[]): unknown[] {
  return stanzas.map((stanza) =>
    stanza.attribute('type') === 'error' ? refusalOf(stanza) : plain(stanza.elements()[0]),
  );
}

function byCodec(stanza: Element, run: () => Element): unknown {
  try {
    return plain(run());
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return refusalOf(failureReply(stanza, error));
  }
}

function rowFor(payload: Element, stanza: Element, dialect: Dialect): Row<OperationName> | undefined {
  const type = stanza.attribute('type') ?? '';
  return rows.find(
    (row) =>
      row.generation === dialect &&
      row.name === payload.name &&
      row.ns === payload.ns &&
      row.kind === stanza.name &&
      (row.kind === 'message' || row.types.some((known) => known === type)),
  );
}

/** Where a dialect says something in two namespaces, the answer tells by its own which. */
function rowOfAnswer(
  operation: OperationName,
  dialect: Dialect,
  payload: Element | undefined,
): Row<OperationName> {
  const same = rows.find(
    (row) => row.operation === operation && row.generation === dialect && row.ns === payload?.ns,
  );
  return same ?? rowOf(operation, dialect);
}

function refusalOf(stanza: Element): unknown {
  return { type: stanza.child('error')?.attribute('type'), condition: errorCondition(stanza) };
}

/** What Hearth calls a refusal. */
function codeOf(stanza: Element): ErrorCode {
  const condition = errorCondition(stanza);
  if (!(condition in errorTable)) throw new Error(`no refusal is called ${condition}`);
  return condition as ErrorCode;
}
