import type { Element } from '../xmpp/element.js';
import { NS } from '../xmpp/namespaces.js';
import { errorCondition } from '../xmpp/stanza.js';

/** A request that was answered with an error. */
export class RequestRefused extends Error {
  /** The defined condition of RFC 6120 §8.3.3, such as `item-not-found`. */
  readonly condition: string;

  constructor(reply: Element) {
    const condition = errorCondition(reply);
    const text = reply.child('error')?.child('text', NS.stanzaErrors)?.text();
    super(text === undefined || text === '' ? condition : `${condition}: ${text}`);
    this.name = 'RequestRefused';
    this.condition = condition;
  }
}

/** The payload of an answer; throws RequestRefused for an error. */
export function payloadOf(reply: Element): Element | undefined {
  if (reply.attribute('type') === 'error') throw new RequestRefused(reply);
  return reply.elements()[0];
}
