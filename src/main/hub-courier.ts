import { type Manner, type Outgoing, writeNotice } from '../dialects/courier.js';
import { HubError } from '../domain/errors.js';
import { Jid } from '../domain/jid.js';
import type { NodeAddress } from '../domain/node-address.js';
import type { Notice } from '../domain/notice.js';
import type { Courier, Delivery } from '../services/notices.js';
import type { ThingIndex } from '../storage/indexes/thing-index.js';
import type { Log } from '../system/log.js';
import { element } from '../xmpp/element.js';
import { NS } from '../xmpp/namespaces.js';
import type { Peer } from '../xmpp/peer.js';
import type { PendingRequests } from '../xmpp/pending-requests.js';
import type { Router } from '../xmpp/router.js';
import { errorCondition } from '../xmpp/stanza.js';
import type { Contacts } from './contacts.js';

/** How long a thing may take to acknowledge, in milliseconds. */
const ACKNOWLEDGE = 30_000;

/** Brings notices to things and owners over the sessions that reach them now. */
export class HubCourier implements Courier {
  private readonly hub: string;
  private readonly things: ThingIndex;
  private readonly contacts: Contacts;
  private readonly pending: PendingRequests;
  private readonly router: Router;
  private readonly log: Log;

  constructor(
    hub: string,
    things: ThingIndex,
    contacts: Contacts,
    pending: PendingRequests,
    router: Router,
    log: Log,
  ) {
    this.hub = hub;
    this.things = things;
    this.contacts = contacts;
    this.pending = pending;
    this.router = router;
    this.log = log;
  }

  async deliver(notice: Notice): Promise<Delivery> {
    const outgoing = writeNotice(notice, (thing) => this.mannerOf(thing));
    if (outgoing.kind === 'text') return this.tell(notice.to, outgoing.text);
    const peer = this.contacts.reach(notice.to);
    if (peer === undefined) return 'unreachable';
    if (outgoing.kind === 'iq') return this.ask(peer, outgoing, notice);
    peer.send(element('message', NS.client, { from: outgoing.from, to: notice.to }, outgoing.payload));
    return 'acknowledged';
  }

  /** Any answer acknowledges: a thing that refuses has heard it, and would refuse again. */
  private async ask(peer: Peer, outgoing: Outgoing & { kind: 'iq' }, notice: Notice): Promise<Delivery> {
    try {
      const reply = await this.pending.ask(peer, outgoing.from, outgoing.payload, ACKNOWLEDGE);
      if (reply.attribute('type') === 'error') {
        const { operation } = notice.body;
        this.log.warn('A thing refused what it was told.', {
          thing: notice.to,
          operation,
          condition: errorCondition(reply),
        });
      }
      return 'acknowledged';
    } catch (error) {
      if (error instanceof HubError && error.code === 'recipient-unavailable') return 'unanswered';
      throw error;
    }
  }

  /** A person is told once he is there to read it. */
  private tell(owner: string, text: string): Delivery {
    if (!this.contacts.reads(owner)) return 'unreachable';
    const hub = Jid.parse(this.hub);
    const self: Peer = { jid: hub, edge: 'local', assurance: 'local', send: () => undefined };
    const body = element('body', NS.client, {}, text);
    this.router.route(element('message', NS.client, { type: 'chat', from: this.hub, to: owner }, body), self);
    return 'acknowledged';
  }

  /** A thing that left the registry hears the hub's own address in the XEP's generation. */
  private mannerOf(address: NodeAddress): Manner {
    const thing = this.things.get(address) ?? this.things.of(address.jid)[0];
    return thing === undefined ? { generation: 'xmpp', hub: this.hub } : thing;
  }
}
