import { HubError } from '../domain/errors.js';
import { Jid } from '../domain/jid.js';
import type { Log } from '../system/log.js';
import type { Element } from './element.js';
import type { Peer } from './peer.js';
import { errorReply, failureReply, mayFail } from './stanza.js';

/** A place that stanzas can go to: the accounts of the domain, the domain itself, the hub's service. */
export interface Destination {
  /** Whether stanzas to this address end here. */
  serves(to: Jid): boolean;
  /** Takes a stanza of sound shape whose `from` the edge has stamped. */
  receive(stanza: Element, to: Jid, from: Peer): void;
}

/** The one door of the hub: every edge hands every stanza that has an address to it. */
export class Router {
  private readonly destinations: Destination[] = [];
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  /** Adds a destination; those added first are asked first. */
  add(destination: Destination): void {
    this.destinations.push(destination);
  }

  /** Brings a stanza to its destination, or answers the peer why it cannot. Never throws. */
  route(stanza: Element, peer: Peer): void {
    try {
      checkShape(stanza);
      const to = Jid.parse(stanza.attribute('to') ?? '');
      const destination = this.destinations.find((candidate) => candidate.serves(to));
      if (destination !== undefined) destination.receive(stanza, to, peer);
      else if (stanza.name !== 'presence' && mayFail(stanza))
        peer.send(errorReply(stanza, 'remote-server-not-found'));
    } catch (error) {
      if (!(error instanceof HubError))
        this.log.error('A stanza failed in the router.', { error: String(error) });
      if (mayFail(stanza)) peer.send(failureReply(stanza, error));
    }
  }
}

/** RFC 6120 §8.1 and §8.2.3: types, ids and the number of children. */
function checkShape(stanza: Element): void {
  if (stanza.name !== 'iq') return;
  if (stanza.attribute('id') === undefined) throw new HubError('bad-request', 'An iq needs an id.');
  const children = stanza.elements().length;
  switch (stanza.attribute('type')) {
    case 'get':
    case 'set':
      if (children !== 1)
        throw new HubError('bad-request', 'An iq of type get or set has exactly one child element.');
      return;
    case 'result':
      if (children > 1)
        throw new HubError('bad-request', 'An iq of type result has at most one child element.');
      return;
    case 'error':
      return;
    default:
      throw new HubError('bad-request', 'The type of an iq is get, set, result or error.');
  }
}
