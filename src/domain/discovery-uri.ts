import type { NodeAddress } from './node-address.js';

/** Writes the `iotdisco:` URI that names the address of a thing, and its registry: it claims nothing. */
export function encodeDirectUri(address: NodeAddress, registry: string): string {
  const parts = [
    ['JID', address.jid],
    ['NID', address.nodeId],
    ['SID', address.sourceId],
    ['PT', address.cacheType],
    ['R', registry],
  ].filter(([, value]) => value !== '');
  return `iotdisco:${parts.map(([name, value = '']) => `${name}=${encodeURIComponent(value)}`).join(';')}`;
}
