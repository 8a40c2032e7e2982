import { HubError } from '../domain/errors.js';
import type { Jid } from '../domain/jid.js';
import type { Log } from '../system/log.js';
import { type Capabilities, capabilitiesOf } from './capabilities.js';
import { type Element, element } from './element.js';
import { NS } from './namespaces.js';
import type { Peer } from './peer.js';
import type { PendingRequests } from './pending-requests.js';
import type { Destination } from './router.js';
import { errorReply, failureReply, resultReply } from './stanza.js';

/** What a handler sees beside the payload. */
export interface Context {
  readonly stanza: Element;
  /** The address that was addressed; answers come from it. */
  readonly to: Jid;
  readonly peer: Peer;
}

/** What a handler answers: the payload of the result, or nothing for an empty one. */
export type Answer = Element | undefined | Promise<Element | undefined>;

/** One payload that a host understands. Refuses by throwing a HubError. */
export interface Handler {
  readonly kind: 'iq' | 'message';
  /** Types of iq that it takes. */
  readonly types: readonly string[];
  readonly ns: string;
  readonly name: string;
  /** Called after each answer that was sent. */
  readonly answered?: (peer: Peer) => void;
  handle(payload: Element, context: Context): Answer;
}

/** How a host appears in service discovery (XEP-0030). */
export interface HostOptions {
  readonly serves: (to: Jid) => boolean;
  readonly identity: { readonly category: string; readonly type: string; readonly name: string };
  /** Items of disco#items: nothing that does not answer. */
  readonly items?: readonly { readonly jid: string; readonly name: string }[];
  /** What the capabilities call this host, a URI (XEP-0115 §4); without it none are told. */
  readonly node?: string;
  /** Features that no handler brings along. */
  readonly features?: readonly string[];
  /** Takes presence stanzas to this host. */
  readonly presence?: (stanza: Element, to: Jid, peer: Peer) => void;
  /** Takes messages with a text whose payloads no handler knows; whether it did. */
  readonly chat?: (stanza: Element, to: Jid, peer: Peer) => boolean;
}

/** An address of the hub's own with a table of handlers; its disco#info features come from the same table. */
export class Host implements Destination {
  private readonly handlers = new Map<string, Handler>();
  private readonly features = new Set<string>([NS.discoInfo, NS.discoItems]);
  private readonly options: HostOptions;
  private readonly pending: PendingRequests;
  private readonly log: Log;

  constructor(options: HostOptions, pending: PendingRequests, log: Log) {
    this.options = options;
    this.pending = pending;
    this.log = log;
    for (const feature of options.features ?? []) this.features.add(feature);
    if (options.node !== undefined) this.features.add(NS.capabilities);
    this.add({
      kind: 'iq',
      types: ['get'],
      ns: NS.discoInfo,
      name: 'query',
      handle: (query) => this.discoInfo(query),
    });
    this.add({
      kind: 'iq',
      types: ['get'],
      ns: NS.discoItems,
      name: 'query',
      handle: (query) => this.discoItems(query),
    });
  }

  /**
   * Adds a row to the table; two rows for one payload are a mistake of the program. `advertised` false answers
   * without a feature, where clients must find the service at another address.
   */
  add(handler: Handler, advertised = true): void {
    if (advertised) this.features.add(handler.ns);
    for (const type of handler.kind === 'iq' ? handler.types : ['']) {
      const key = keyOf(handler.kind, type, handler.ns, handler.name);
      if (this.handlers.has(key)) throw new Error(`two handlers for ${key}`);
      this.handlers.set(key, handler);
    }
  }

  /** What is told of the features in short, from the table as it is now; `undefined` without a node. */
  get capabilities(): Capabilities | undefined {
    const { node } = this.options;
    return node === undefined ? undefined : capabilitiesOf(node, this.info());
  }

  /** The node whose disco#info the capabilities stand for (XEP-0115 §6.2). */
  get capabilityNode(): string | undefined {
    const { capabilities } = this;
    return capabilities && `${capabilities.node}#${capabilities.ver}`;
  }

  /** The answer to disco#info, about the node that was asked for. */
  info(node?: string): Element {
    const { category, type, name } = this.options.identity;
    const identity = element('identity', NS.discoInfo, { category, type, name });
    const features = [...this.features].map((feature) => element('feature', NS.discoInfo, { var: feature }));
    return element('query', NS.discoInfo, { node }, identity, ...features);
  }

  serves(to: Jid): boolean {
    return this.options.serves(to);
  }

  receive(stanza: Element, to: Jid, peer: Peer): void {
    if (stanza.name === 'presence') this.options.presence?.(stanza, to, peer);
    else if (stanza.name === 'message') this.receiveMessage(stanza, to, peer);
    else this.receiveIq(stanza, to, peer);
  }

  private receiveIq(stanza: Element, to: Jid, peer: Peer): void {
    const type = stanza.attribute('type') ?? '';
    if (type === 'result' || type === 'error') {
      this.pending.settle(stanza, peer);
      return;
    }
    const payload = stanza.elements()[0];
    const handler = payload && this.handlers.get(keyOf('iq', type, payload.ns, payload.name));
    if (payload === undefined || handler === undefined) {
      peer.send(errorReply(stanza, 'service-unavailable'));
      return;
    }
    this.answer(handler, payload, { stanza, to, peer });
  }

  private receiveMessage(stanza: Element, to: Jid, peer: Peer): void {
    if (stanza.attribute('type') === 'error') return;
    for (const payload of stanza.elements()) {
      const handler = this.handlers.get(keyOf('message', '', payload.ns, payload.name));
      if (handler === undefined) continue;
      Promise.resolve(handler.handle(payload, { stanza, to, peer })).catch((error: unknown) =>
        this.fail(stanza, peer, error),
      );
      return;
    }
    if (stanza.child('body') === undefined || this.options.chat?.(stanza, to, peer)) return;
    peer.send(errorReply(stanza, 'service-unavailable'));
  }

  /** Answers at once where the handler does, so that a decision from memory costs no turn of the event loop. */
  private answer(handler: Handler, payload: Element, context: Context): void {
    const { stanza, peer } = context;
    const reply = (result: Element | undefined) => {
      peer.send(resultReply(stanza, result));
      handler.answered?.(peer);
    };
    try {
      const answer = handler.handle(payload, context);
      if (answer instanceof Promise) {
        answer.then(reply, (error: unknown) => this.fail(stanza, peer, error));
      } else reply(answer);
    } catch (error) {
      this.fail(stanza, peer, error);
    }
  }

  private fail(stanza: Element, peer: Peer, error: unknown): void {
    if (!(error instanceof HubError)) {
      this.log.error('A request failed inside the hub.', { from: peer.jid.bare, error: describe(error) });
    }
    peer.send(failureReply(stanza, error));
  }

  private discoInfo(query: Element): Element {
    const node = nodeOf(query);
    if (node !== undefined && node !== this.capabilityNode) throw new HubError('item-not-found');
    return this.info(node);
  }

  private discoItems(query: Element): Element {
    const node = nodeOf(query);
    const items = node === undefined ? (this.options.items ?? []) : [];
    return element(
      'query',
      NS.discoItems,
      { node },
      ...items.map(({ jid, name }) => element('item', NS.discoItems, { jid, name })),
    );
  }
}

/** The node of a disco query; clients write an empty one for none. */
function nodeOf(query: Element): string | undefined {
  return query.attribute('node') || undefined;
}

function keyOf(kind: string, type: string, ns: string, name: string): string {
  return `${kind}|${type}|${ns}|${name}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
