import { type BoundRow, bindRows, type Services } from '../dialects/bind.js';
import { rows } from '../dialects/table.js';
import type { HubOperation } from '../domain/command.js';
import type { Dialect } from '../domain/generation.js';
import type { Jid } from '../domain/jid.js';
import type { Log } from '../system/log.js';
import type { Element } from '../xmpp/element.js';
import { type Handler, Host } from '../xmpp/host.js';
import type { Peer } from '../xmpp/peer.js';
import type { PendingRequests } from '../xmpp/pending-requests.js';
import type { HubAddresses } from './addresses.js';
import { serverHandlers } from './server-handlers.js';

/** What the hub's presence on the link calls it (XEP-0115 §4). */
const NODE = 'urn:hearth:hub';

/** What only things ask: the session that does is the one to tell what waits for the thing. */
const OF_THINGS: ReadonlySet<HubOperation> = new Set(['register', 'unregister', 'is-friend']);

/** What things and services ask with tokens: the same session is challenged, before it has its answer [0324 3.1.3]. */
const WITH_TOKENS: ReadonlySet<HubOperation> = new Set([
  'can-read',
  'can-control',
  'can-access',
  'user-logged-in',
  'has-privilege',
  'download-privileges',
]);

/** A request that was answered. */
export interface Answered {
  readonly operation: HubOperation;
  readonly generation: Dialect;
}

/** What the hub's two hosts need. */
export interface HostParts {
  readonly addresses: HubAddresses;
  readonly services: Services;
  readonly pending: PendingRequests;
  readonly version: string;
  readonly presence: (stanza: Element, to: Jid, peer: Peer) => void;
  /** Takes what people write to the hub; whether it did. */
  readonly chat: (stanza: Element, to: Jid, peer: Peer) => boolean;
  /** Called before each request that may come with tokens is answered. */
  readonly asking: (peer: Peer) => void;
  /** Called after each answered request that only things make. */
  readonly answered: (peer: Peer, request: Answered) => void;
  readonly log: Log;
}

/**
 * Registry and provisioning: one address for both, a bare domain, and its account form. Every client ends there,
 * for the features of discovery and provisioning stand on it alone.
 */
export function hubHost(parts: HostParts): Host {
  const { addresses, presence, chat, pending, log } = parts;
  const identity = { category: 'component', type: 'generic', name: 'Hearth: registry and provisioning' };
  const serves = (to: Jid) => addresses.servesHub(to);
  const host = new Host({ serves, identity, node: NODE, presence, chat }, pending, log.part('hub'));
  for (const handler of serverHandlers(parts.version)) host.add(handler);
  for (const handler of handlersOf(parts)) host.add(handler, handler.listed);
  return host;
}

/**
 * The domain itself: its only item is the hub. Discovery and provisioning are answered here too, for those who ask
 * without looking, but not advertised.
 */
export function domainHost(parts: HostParts): Host {
  const { addresses, pending, log } = parts;
  const options = {
    serves: (to: Jid) => addresses.servesDomain(to),
    identity: { category: 'server', type: 'im', name: 'Hearth' },
    items: [{ jid: addresses.hub, name: 'Hearth: registry and provisioning' }],
  };
  const host = new Host(options, pending, log.part('domain'));
  for (const handler of serverHandlers(parts.version)) host.add(handler);
  for (const handler of handlersOf(parts)) host.add(handler, false);
  return host;
}

function handlersOf({ services, answered, asking }: HostParts): (Handler & Pick<BoundRow, 'listed'>)[] {
  return bindRows(rows, services).map((row: BoundRow) => {
    if (OF_THINGS.has(row.operation)) return { ...row, answered: (peer: Peer) => answered(peer, row) };
    if (!WITH_TOKENS.has(row.operation)) return row;
    const handle: Handler['handle'] = (payload, context) => {
      asking(context.peer);
      return row.handle(payload, context);
    };
    return { ...row, handle };
  });
}
