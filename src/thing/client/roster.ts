import { HubError } from '../../domain/errors.js';
import { bareJid } from '../../domain/jid.js';
import { type Element, element } from '../../xmpp/element.js';
import type { Handler } from '../../xmpp/host.js';
import { NS } from '../../xmpp/namespaces.js';
import type { AccountSession } from './session.js';

/** One contact as its account sees it (RFC 6121 §2.1.2). */
export interface Contact {
  readonly jid: string;
  readonly subscription: string;
  /** We asked to see its presence. */
  readonly asked: boolean;
}

/** The account's roster, kept up by pushes. */
export class Roster {
  private readonly session: AccountSession;
  private readonly contacts = new Map<string, Contact>();
  /** Takes roster pushes, which only the account itself may send (RFC 6121 §2.1.6). */
  readonly pushHandler: Handler = {
    kind: 'iq',
    types: ['set'],
    ns: NS.roster,
    name: 'query',
    handle: (query, { peer }) => {
      if (peer.jid.full !== this.session.jid.bare) throw new HubError('forbidden');
      this.read(query);
      return undefined;
    },
  };

  constructor(session: AccountSession) {
    this.session = session;
  }

  /** Fetches the roster, which also asks for pushes. */
  async load(): Promise<void> {
    const query = await this.session.ask('get', this.session.jid.bare, element('query', NS.roster));
    if (query !== undefined) this.read(query);
  }

  /** The contact, `undefined` if it is none. */
  get(jid: string): Contact | undefined {
    return this.contacts.get(jid);
  }

  /** All contacts. */
  all(): Contact[] {
    return [...this.contacts.values()];
  }

  /** Whether we see the contact's presence, or asked to. */
  follows(jid: string): boolean {
    const contact = this.contacts.get(jid);
    return contact !== undefined && (contact.asked || /^(to|both)$/.test(contact.subscription));
  }

  private read(query: Element): void {
    for (const item of query.elements()) {
      const jid = bareJid(item.attribute('jid') ?? '');
      const subscription = item.attribute('subscription') ?? 'none';
      if (subscription === 'remove') this.contacts.delete(jid);
      else this.contacts.set(jid, { jid, subscription, asked: item.attribute('ask') === 'subscribe' });
    }
  }
}
