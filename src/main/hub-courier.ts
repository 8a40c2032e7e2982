import { type NoticeFacts, type Outgoing, type PersonalMessage, writeNotice } from '../dialects/courier.js';
import { HubError } from '../domain/errors.js';
import { Jid } from '../domain/jid.js';
import type { Notice } from '../domain/notice.js';
import type { Courier, Delivery } from '../services/notices.js';
import type { MannerIndex } from '../storage/indexes/manner-index.js';
import type { QuestionIndex } from '../storage/indexes/question-index.js';
import type { ThingIndex } from '../storage/indexes/thing-index.js';
import type { Log } from '../system/log.js';
import { type Element, element } from '../xmpp/element.js';
import { NS } from '../xmpp/namespaces.js';
import type { Peer } from '../xmpp/peer.js';
import type { PendingRequests } from '../xmpp/pending-requests.js';
import type { Router } from '../xmpp/router.js';
import { errorCondition } from '../xmpp/stanza.js';
import type { Contact, Contacts } from './contacts.js';

/** How long a thing may take to acknowledge, in milliseconds. */
const ACKNOWLEDGE = 30_000;

/** Stands for the condition of an answer that did not come. */
const NO_ANSWER = 'no answer';

/** How an edge answers in the place of one whom it does not reach. */
const NOT_REACHED = 'recipient-unavailable';

/** How clients answer what they know nothing of. */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set(['service-unavailable', 'feature-not-implemented']);

/** Brings notices to things and owners over the sessions that reach them now. */
export class HubCourier implements Courier {
  private readonly hub: string;
  private readonly facts: NoticeFacts;
  private readonly contacts: Pick<Contacts, 'reach' | 'isHere'>;
  private readonly pending: PendingRequests;
  private readonly router: Router;
  private readonly log: Log;

  constructor(
    hub: string,
    facts: NoticeFacts,
    contacts: Pick<Contacts, 'reach' | 'isHere'>,
    pending: PendingRequests,
    router: Router,
    log: Log,
  ) {
    this.hub = hub;
    this.facts = facts;
    this.contacts = contacts;
    this.pending = pending;
    this.router = router;
    this.log = log;
  }

  reaches(thing: string): boolean {
    return this.contacts.reach(thing).length > 0;
  }

  async deliver(notice: Notice): Promise<Delivery> {
    const outgoing = writeNotice(notice, this.facts);
    if (outgoing.kind === 'nothing') return 'acknowledged';
    if (outgoing.kind === 'person') return this.tellAll(notice.to, outgoing.messages);
    const contacts = this.contacts.reach(notice.to);
    if (contacts.length === 0) return 'unreachable';
    if (outgoing.kind === 'iq') return this.ask(contacts, outgoing, notice);
    // Where none is known to be the thing, it is one of them.
    const receivers = contacts[0]?.known ? contacts.slice(0, 1) : contacts;
    const message = element('message', NS.client, { from: outgoing.from, to: notice.to }, outgoing.payload);
    const left = await Promise.all(receivers.map(({ peer }) => handOver(peer, message)));
    return left.includes(true) ? 'acknowledged' : 'unanswered';
  }

  /**
   * Any answer of the thing ends it: one that refuses has heard it, and would refuse again. A session that is not
   * known to be the thing and does not understand is somebody else with the same account.
   */
  private async ask(
    contacts: readonly Contact[],
    outgoing: Outgoing & { kind: 'iq' },
    notice: Notice,
  ): Promise<Delivery> {
    for (const { peer, known } of contacts) {
      if (!this.contacts.isHere(peer)) continue;
      const condition = await this.refusal(peer, outgoing);
      if (condition === undefined) return 'acknowledged';
      if (condition === NO_ANSWER || (!known && NOT_UNDERSTOOD.has(condition))) continue;
      const { operation } = notice.body;
      this.log.warn('A thing refused what it was told.', { thing: notice.to, operation, condition });
      return 'refused';
    }
    return 'unanswered';
  }

  /** The condition with which a session refuses; `undefined` where it agrees. */
  private async refusal(peer: Peer, outgoing: Outgoing & { kind: 'iq' }): Promise<string | undefined> {
    try {
      const reply = await this.pending.ask(peer, outgoing.from, outgoing.payload, ACKNOWLEDGE);
      if (reply.attribute('type') !== 'error') return undefined;
      const condition = errorCondition(reply);
      return condition === NOT_REACHED ? NO_ANSWER : condition;
    } catch (error) {
      if (error instanceof HubError && error.code === 'recipient-unavailable') return NO_ANSWER;
      throw error;
    }
  }

  /** Tells a person something at once, whether it reaches him or not; for what was told before. */
  remind(owner: string, messages: readonly PersonalMessage[]): void {
    for (const message of messages) this.tell(owner, message);
  }

  private tellAll(owner: string, messages: readonly PersonalMessage[]): Delivery {
    const told = messages.map((message) => this.tell(owner, message));
    return told.find((delivery) => delivery !== 'acknowledged') ?? 'acknowledged';
  }

  /** A person is told once a session of his takes it: what comes back was not read. */
  private tell(owner: string, { text, payload, from = this.hub }: PersonalMessage): Delivery {
    let delivery: Delivery = 'acknowledged';
    const send = () => {
      delivery = 'unreachable';
    };
    const self: Peer = { jid: Jid.parse(from), edge: 'local', assurance: 'local', send };
    const content = [element('body', NS.client, {}, text), ...(payload === undefined ? [] : [payload])];
    this.router.route(element('message', NS.client, { type: 'chat', from, to: owner }, ...content), self);
    return delivery;
  }
}

/** Whether a message left: an edge that only then opens a stream finds nobody there maybe. */
async function handOver(peer: Peer, message: Element): Promise<boolean> {
  if (peer.deliver !== undefined) return peer.deliver(message);
  peer.send(message);
  return true;
}

/** What the writing of notices needs, from memory. A thing that left the registry hears the hub's own address. */
export function noticeFacts(
  hub: string,
  indexes: {
    readonly things: ThingIndex;
    readonly questions: Pick<QuestionIndex, 'numbered'>;
    readonly manners: Pick<MannerIndex, 'get'>;
  },
): NoticeFacts {
  return {
    mannerOf: (address) =>
      indexes.things.get(address) ?? indexes.things.of(address.jid)[0] ?? { generation: 'xmpp', hub },
    ownerManner: (owner) => indexes.manners.get(owner),
    question: (number) => indexes.questions.numbered(number),
  };
}
