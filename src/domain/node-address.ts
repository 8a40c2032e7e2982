import { HubError } from './errors.js';

/**
 * Where a thing is: the bare JID of its account and, behind a concentrator, the triple that names the node
 * there [0347 3.8]. An absent part is the empty string.
 */
export interface NodeAddress {
  /** Bare JID, normalised. */
  readonly jid: string;
  readonly nodeId: string;
  readonly sourceId: string;
  readonly cacheType: string;
}

/** The address of a thing that is an account of its own. */
export function deviceAddress(jid: string): NodeAddress {
  return { jid, nodeId: '', sourceId: '', cacheType: '' };
}

/** Whether both name the same thing. Node parts compare exactly. */
export function sameAddress(a: NodeAddress, b: NodeAddress): boolean {
  return a.jid === b.jid && a.nodeId === b.nodeId && a.sourceId === b.sourceId && a.cacheType === b.cacheType;
}

/** As a person reads and types it: `jid`, `jid#node`, `jid#source/node` or `jid#source/cache/node`. */
export function formatAddress(address: NodeAddress): string {
  if (address.nodeId === '' && address.sourceId === '' && address.cacheType === '') return address.jid;
  const parts =
    address.cacheType !== ''
      ? [address.sourceId, address.cacheType]
      : address.sourceId !== ''
        ? [address.sourceId]
        : [];
  return `${address.jid}#${[...parts, address.nodeId].map(encodeURIComponent).join('/')}`;
}

/** Reads what `formatAddress` writes; `jid` must be normalised by the caller. Throws bad-request. */
export function parseAddress(text: string): NodeAddress {
  const hash = text.indexOf('#');
  if (hash < 0) return deviceAddress(text);
  const parts = text
    .slice(hash + 1)
    .split('/')
    .map(decodePart);
  if (parts.length > 3) throw new HubError('bad-request', 'An address is JID, JID#node or JID#source/node.');
  const nodeId = parts.pop() ?? '';
  return { jid: text.slice(0, hash), nodeId, sourceId: parts[0] ?? '', cacheType: parts[1] ?? '' };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new HubError('bad-request', `"${part}" has a % that begins no escape.`, { cause });
  }
}
