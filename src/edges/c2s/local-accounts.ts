import type { Jid } from '../../domain/jid.js';
import { isSubscriptionType } from '../../domain/subscription.js';
import type { RosterDirectory } from '../../services/roster/roster-directory.js';
import type { Element } from '../../xmpp/element.js';
import type { Peer } from '../../xmpp/peer.js';
import type { Destination } from '../../xmpp/router.js';
import { errorReply, mayFail } from '../../xmpp/stanza.js';
import type { AccountRequests } from './account-requests.js';
import { seesPresence } from './presence-desk.js';
import type { Resource } from './resource.js';
import type { ResourceTable } from './resource-table.js';
import type { Subscriptions } from './subscriptions.js';

/** What stanzas to the accounts of the domain need. */
export interface LocalAccountsParts {
  readonly domain: string;
  readonly table: ResourceTable;
  readonly directory: RosterDirectory;
  readonly subscriptions: Subscriptions;
  readonly requests: AccountRequests;
  /** Whether there is an account of this name (local part). */
  readonly exists: (name: string) => boolean;
}

/** The accounts of the domain as a place that stanzas go to: the delivery rules of RFC 6121 §8.5. */
export class LocalAccounts implements Destination {
  private readonly parts: LocalAccountsParts;

  constructor(parts: LocalAccountsParts) {
    this.parts = parts;
  }

  serves(to: Jid): boolean {
    return to.domain === this.parts.domain && to.local !== '';
  }

  receive(stanza: Element, to: Jid, from: Peer): void {
    if (stanza.name === 'presence') {
      this.presence(stanza, to, from);
      return;
    }
    if (to.resource !== '') {
      const resource = this.parts.table.find(to.local, to.resource);
      if (resource !== undefined) resource.send(stanza);
      else this.missed(stanza, to, from);
    } else if (stanza.name === 'iq') this.parts.requests.receive(stanza, to, from);
    else this.message(stanza, to, from);
  }

  /** A full JID that is not connected (RFC 6121 §8.5.3.2): chat goes to the account, the rest comes back. */
  private missed(stanza: Element, to: Jid, from: Peer): void {
    const type = stanza.attribute('type');
    if (stanza.name === 'message' && type === 'chat') this.message(stanza, to, from);
    else if (stanza.name === 'iq' ? mayFail(stanza) : type !== 'headline' && type !== 'error')
      from.send(errorReply(stanza, 'service-unavailable'));
  }

  /** A message to an account (RFC 6121 §8.5.2.1). Nothing is kept for an account without available resources. */
  private message(stanza: Element, to: Jid, from: Peer): void {
    const type = stanza.attribute('type');
    if (type === 'error') return;
    const willing = this.parts.table.available(to.local).filter(({ priority }) => priority >= 0);
    const best = willing[0];
    if (type === 'groupchat' || best === undefined) {
      if (type !== 'headline') from.send(errorReply(stanza, 'service-unavailable'));
      return;
    }
    for (const resource of willing) {
      if (type === 'headline' || resource.priority === best.priority) resource.send(stanza);
    }
  }

  private presence(stanza: Element, to: Jid, from: Peer): void {
    const type = stanza.attribute('type');
    if (isSubscriptionType(type)) {
      if (this.parts.exists(to.local)) this.parts.subscriptions.inbound(stanza, type, to, from);
    } else if (type === 'probe') this.probed(to, from);
    else if (type === undefined || type === 'unavailable' || type === 'error') this.deliver(stanza, to);
  }

  private deliver(stanza: Element, to: Jid): void {
    if (to.resource !== '') this.parts.table.find(to.local, to.resource)?.send(stanza);
    else if (stanza.attribute('type') !== 'error') {
      for (const resource of this.parts.table.available(to.local)) resource.send(stanza);
    }
  }

  /** Who may see the account's presence is told it; anyone else hears that he may not (RFC 6121 §4.3.2). */
  private probed(to: Jid, from: Peer): void {
    const contact = from.jid.bare;
    if (contact !== to.bare && !seesPresence(this.parts.directory.item(to.local, contact))) {
      this.parts.subscriptions.say('unsubscribed', to.toBare(), contact);
      return;
    }
    for (const resource of this.probedResources(to)) {
      if (resource.presence !== undefined) from.send(resource.presence.withAttributes({ to: from.jid.full }));
    }
  }

  private probedResources(to: Jid): Resource[] {
    return this.parts.table
      .available(to.local)
      .filter(({ jid }) => to.resource === '' || jid.resource === to.resource);
  }
}
