import type { Service } from './mdns/zone.js';

/** The type under which XMPP servers are found. RFC 6120, XEP-0347 */
export const XMPP_CLIENT = '_xmpp-client._tcp';

/** What things need to know of the hub before they connect. */
export interface HubFacts {
  /** The XMPP server's port for STARTTLS. */
  readonly port: number;
  /** The server's XMPP domain, whatever the mDNS host name is. */
  readonly domain: string;
  /** User part of the account form of the Thing Registry's address. */
  readonly regis: string;
  /** User part of the account form of the provisioning server's address. */
  readonly provis: string;
}

/** The hub as a service to be announced. [0347 3.3.2] */
export function hubService({ port, domain, regis, provis }: HubFacts): Service {
  const txt = [
    ['txtvers', '1'],
    ['ordom', domain],
    ['regis', regis],
    ['provis', provis],
  ] as const;
  return { type: XMPP_CLIENT, port, txt };
}
