import { asKind } from './discovery-kind.js';
import { flaw, formOf, type Part, REGISTRY, readParts, uriForm, writeParts } from './discovery-text.js';
import { bareJid } from './jid.js';
import type { NodeAddress } from './node-address.js';
import { KEY } from './tag.js';

/** A URI that names one thing by its address, and gives nobody a right to it. */
export interface DirectUri {
  readonly address: NodeAddress;
  /** The registry that knows it: tag R; absent where the URI names none. */
  readonly registry?: string;
}

/** Writes `iotdisco:JID=…;NID=…;SID=…;PT=…;R=…` without the parts that are absent. Throws bad-request. */
export function encodeDirectUri({ jid, nodeId, sourceId, cacheType }: NodeAddress, registry = ''): string {
  const named = { JID: jid, NID: nodeId, SID: sourceId, PT: cacheType, [REGISTRY]: registry };
  const parts = Object.entries(named)
    .filter(([, value]) => value !== '')
    .map(([name, value]): Part => ({ name, numeric: false, operator: '=', value }));
  return asKind('direct', () => writeParts(parts, uriForm));
}

/** Reads a direct URI; tags that only describe the thing are passed over. Throws bad-request. */
export function decodeDirectUri(text: string): DirectUri {
  return asKind('direct', () => {
    if (formOf(text) !== uriForm) throw flaw('it does not begin with "iotdisco:"');
    const values = new Map<string, string>();
    for (const { name, numeric, operator, value } of readParts(text, uriForm)) {
      if (operator !== '=') throw flaw('it compares values: it is good for a search');
      if (values.has(name)) throw flaw(`tag ${name} comes twice`);
      values.set(name, numeric ? '' : value);
    }
    if (values.has(KEY)) throw flaw('it has a KEY: it is a claim code');
    const jid = values.get('JID');
    if (jid === undefined) throw flaw('it has no JID');
    const part = (name: string): string => values.get(name) ?? '';
    const address = {
      jid: bareJid(jid),
      nodeId: part('NID'),
      sourceId: part('SID'),
      cacheType: part('PT'),
    };
    const registry = values.get(REGISTRY);
    return registry === undefined ? { address } : { address, registry };
  });
}
