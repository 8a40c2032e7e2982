import { HubError } from '../../domain/errors.js';
import type { Jid } from '../../domain/jid.js';
import type { RosterDirectory } from '../../services/roster/roster-directory.js';
import type { Log } from '../../system/log.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import type { Peer } from '../../xmpp/peer.js';
import { errorReply, failureReply, resultReply } from '../../xmpp/stanza.js';
import { seesPresence } from './presence-desk.js';
import type { Resource } from './resource.js';
import type { ResourceTable } from './resource-table.js';
import type { RosterRequests } from './roster-requests.js';
import { VCARD, type VcardShelf } from './vcard-shelf.js';

type Answer = Element | undefined | Promise<Element | undefined>;

/** Requests to an account, which the server answers for it (RFC 6121 §8.5.2.1.3). */
export class AccountRequests {
  private readonly table: ResourceTable;
  private readonly directory: RosterDirectory;
  private readonly roster: RosterRequests;
  private readonly vcards: VcardShelf;
  private readonly log: Log;

  constructor(
    table: ResourceTable,
    directory: RosterDirectory,
    roster: RosterRequests,
    vcards: VcardShelf,
    log: Log,
  ) {
    this.table = table;
    this.directory = directory;
    this.roster = roster;
    this.vcards = vcards;
    this.log = log;
  }

  /** Takes an iq to the bare JID of an account, one that does not exist too. Results and errors end here. */
  receive(stanza: Element, to: Jid, from: Peer): void {
    const type = stanza.attribute('type');
    if (type !== 'get' && type !== 'set') return;
    try {
      const payload = stanza.elements()[0];
      if (payload === undefined) throw new HubError('bad-request');
      const answer = this.answer(type, payload, to, from);
      if (!(answer instanceof Promise)) from.send(resultReply(stanza, answer));
      else
        answer.then(
          (result) => from.send(resultReply(stanza, result)),
          (error: unknown) => this.fail(stanza, from, error),
        );
    } catch (error) {
      this.fail(stanza, from, error);
    }
  }

  private answer(type: 'get' | 'set', payload: Element, to: Jid, from: Peer): Answer {
    const own = from.jid.bare === to.bare ? this.table.find(from.jid.local, from.jid.resource) : undefined;
    if (own !== undefined) return this.answerOwn(type, payload, own);
    if (payload.is('query', NS.roster)) throw new HubError('forbidden');
    if (!seesPresence(this.directory.item(to.local, from.jid.bare)) || type !== 'get')
      throw new HubError('service-unavailable');
    return this.answerAnyone(payload, to);
  }

  private answerOwn(type: 'get' | 'set', payload: Element, own: Resource): Answer {
    if (payload.is('query', NS.roster))
      return type === 'get' ? this.roster.get(payload, own) : this.roster.set(payload, own);
    if (payload.is('vCard', VCARD) && type === 'set') return this.vcards.put(own.jid.local, payload);
    if (type === 'get') return this.answerAnyone(payload, own.jid);
    throw new HubError('service-unavailable');
  }

  /** What everyone may ask who sees the account's presence. */
  private answerAnyone(payload: Element, to: Jid): Answer {
    if (payload.is('query', NS.discoInfo)) return discoInfo(payload);
    if (payload.is('query', NS.discoItems)) return element('query', NS.discoItems);
    if (payload.is('ping', NS.ping)) return undefined;
    if (payload.is('vCard', VCARD)) return this.vcards.get(to.local);
    throw new HubError('service-unavailable');
  }

  private fail(stanza: Element, from: Peer, error: unknown): void {
    if (!(error instanceof HubError))
      this.log.error('A request to an account failed inside the hub.', { error: String(error) });
    from.send(
      error instanceof HubError ? failureReply(stanza, error) : errorReply(stanza, 'internal-server-error'),
    );
  }
}

function discoInfo(query: Element): Element {
  if (query.attribute('node') !== undefined) throw new HubError('item-not-found');
  const features = [NS.discoInfo, NS.discoItems, NS.ping, VCARD];
  return element(
    'query',
    NS.discoInfo,
    {},
    element('identity', NS.discoInfo, { category: 'account', type: 'registered' }),
    ...features.map((feature) => element('feature', NS.discoInfo, { var: feature })),
  );
}
