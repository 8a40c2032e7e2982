import { findRow } from '../dialects/table.js';
import type { Caller } from '../domain/command.js';
import { HubError } from '../domain/errors.js';
import type { ChallengePort } from '../services/tokens/prove-token.js';
import type { PendingRequests } from '../xmpp/pending-requests.js';
import type { Contacts } from './contacts.js';

/** How long a challenge may take: it may have to go along a chain of things and back [0324 3.1.3]. In milliseconds. */
const ANSWER = 60_000;

/** Brings token challenges to the device that asked, in its dialect. */
export class ChallengeByIq implements ChallengePort {
  private readonly contacts: Contacts;
  private readonly pending: PendingRequests;

  constructor(contacts: Contacts, pending: PendingRequests) {
    this.contacts = contacts;
    this.pending = pending;
  }

  async challenge(
    { jid, hub, dialect = 'xmpp' }: Caller,
    token: string,
    challenge: string,
  ): Promise<string | undefined> {
    const row = findRow('challenge-token', dialect) ?? findRow('challenge-token', 'xmpp');
    const [contact] = this.contacts.reach(jid);
    if (row === undefined || contact === undefined) return undefined;
    try {
      const payload = row.writeRequest({ token, challenge });
      const reply = await this.pending.ask(contact.peer, hub, payload, ANSWER, 'get');
      if (reply.attribute('type') === 'error') return undefined;
      return row.readAnswer(reply.elements()[0]).response;
    } catch (error) {
      if (error instanceof HubError) return undefined;
      throw error;
    }
  }
}
