import { type ErrorCode, errorTable, HubError } from '../domain/errors.js';
import { Element, element, noAttributes } from './element.js';
import { NS } from './namespaces.js';

/** A refusal that says more than the table of errors can: an application's own condition (RFC 6120 §8.3.4). */
export class DetailedRefusal extends HubError {
  readonly condition: Element;

  constructor(code: ErrorCode, detail: string, condition: Element) {
    super(code, detail);
    this.condition = condition;
  }
}

/**
 * What a stanza is answered with when it failed: an error stanza (RFC 6120 §8.3), addresses swapped. `condition` is
 * an application's own.
 */
export function errorReply(stanza: Element, code: ErrorCode, detail?: string, condition?: Element): Element {
  const row = errorTable[code];
  const error = element(
    'error',
    NS.client,
    { type: row.type },
    element(row.condition, NS.stanzaErrors),
    element('text', NS.stanzaErrors, { 'xml:lang': 'en' }, detail ?? row.text),
    condition,
  );
  return new Element(stanza.name, NS.client, replyAttributes(stanza, 'error'), [error]);
}

/** The error stanza for whatever was thrown; what is not a refusal of ours says nothing of its cause. */
export function failureReply(stanza: Element, error: unknown): Element {
  if (!(error instanceof HubError)) return errorReply(stanza, 'internal-server-error');
  const condition = error instanceof DetailedRefusal ? error.condition : undefined;
  return errorReply(stanza, error.code, error.detail, condition);
}

/** The result of an iq, empty or with one payload. */
export function resultReply(stanza: Element, payload?: Element): Element {
  return new Element(
    'iq',
    NS.client,
    replyAttributes(stanza, 'result'),
    payload === undefined ? [] : [payload],
  );
}

/** An iq request. `from` and `to` may be left out where the stream implies them. */
export function request(
  type: 'get' | 'set',
  id: string,
  payload: Element,
  addresses: Addresses = {},
): Element {
  return element('iq', NS.client, { type, id, from: addresses.from, to: addresses.to }, payload);
}

/** Who a stanza comes from and goes to. */
export interface Addresses {
  readonly from?: string;
  readonly to?: string;
}

/** The condition of an error stanza, `undefined-condition` where it names none. */
export function errorCondition(stanza: Element): string {
  const error = stanza.child('error');
  const condition = error?.elements().find((child) => child.ns === NS.stanzaErrors && child.name !== 'text');
  return condition?.name ?? 'undefined-condition';
}

/** Whether a stanza may be answered with an error: never an error, never the answer to an iq (RFC 6120 §8.3.1). */
export function mayFail(stanza: Element): boolean {
  const type = stanza.attribute('type');
  return type !== 'error' && !(stanza.name === 'iq' && type === 'result');
}

function replyAttributes(stanza: Element, type: string): Record<string, string> {
  const attributes = noAttributes();
  attributes.type = type;
  const { id, from, to } = stanza.attributes;
  if (id !== undefined) attributes.id = id;
  if (to !== undefined) attributes.from = to;
  if (from !== undefined) attributes.to = from;
  return attributes;
}
