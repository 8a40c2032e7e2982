import { discoveryNs, provisioningNs } from '../dialects/namespaces.js';
import { type Generation, generations } from '../domain/generation.js';
import { bareJid } from '../domain/jid.js';
import { type Element, element } from '../xmpp/element.js';
import { NS } from '../xmpp/namespaces.js';
import { SessionError } from './client/session-error.js';
import type { Session } from './session.js';

/** What a domain offers to things. */
export interface Offer {
  readonly generation: Generation;
  /** Where to register; also the only address that may say claimed, removed and disowned. */
  readonly registry?: string;
  /** Whom to ask; absent if nobody decides here. */
  readonly provisioning?: string;
}

/** The offer of a domain that has a registry. */
export interface HubService extends Offer {
  readonly registry: string;
}

/** Generations in the order in which a thing prefers them. */
export const PREFERRED: readonly Generation[] = [
  'nf',
  ...generations.filter((generation) => generation !== 'nf'),
];

/** Most items of a domain that are asked what they are, and longest wait for one, in milliseconds. */
const MOST_ITEMS = 32;
const ANSWER = 15_000;

/** Finds registry and provisioning, as `findOffer`. Rejects with no-registry. */
export async function findService(session: Session, generation: Generation | undefined): Promise<HubService> {
  const offer = await findOffer(session, generation);
  if (hasRegistry(offer)) return offer;
  throw noRegistry(session);
}

/** What a domain without a registry is refused with. */
export function noRegistry({ domain }: Session): SessionError {
  return new SessionError('no-registry', `${domain} has no registry of things that this thing understands.`);
}

/**
 * Finds registry and provisioning, as far as there are any, by service discovery (XEP-0030): the items of the domain, then
 * the domain itself.
 */
export async function findOffer(session: Session, generation: Generation | undefined): Promise<Offer> {
  const items = await session.ask('get', session.domain, element('query', NS.discoItems));
  const addresses = (items?.elements() ?? [])
    .filter((item) => item.name === 'item' && item.attribute('node') === undefined)
    .slice(0, MOST_ITEMS)
    .flatMap((item) => item.attribute('jid') ?? []);
  const known: [address: string, features: Set<string>][] = [];
  for (const address of [...addresses, session.domain]) {
    const features = await featuresOf(session, address);
    if (features !== undefined) known.push([bareJid(address), features]);
  }
  return choose(known, generation === undefined ? PREFERRED : [generation]);
}

/** Whether there is a registry. */
export function hasRegistry(offer: Offer): offer is HubService {
  return offer.registry !== undefined;
}

/** The first generation in which there is a registry, else provisioning. */
function choose(known: readonly [string, Set<string>][], wanted: readonly Generation[]): Offer {
  const addressOf = (feature: string) => known.find(([, features]) => features.has(feature))?.[0];
  const offers = wanted.map((generation) => {
    const registry = addressOf(discoveryNs[generation]);
    const provisioning = addressOf(provisioningNs[generation]);
    return { generation, ...(registry && { registry }), ...(provisioning && { provisioning }) };
  });
  const best = offers.find(hasRegistry) ?? offers.find(({ provisioning }) => provisioning !== undefined);
  return best ?? { generation: wanted[0] ?? 'nf' };
}

/** The features of an address; one that is silent or refuses has none. */
export async function featuresOf(
  session: Pick<Session, 'ask'>,
  address: string,
): Promise<Set<string> | undefined> {
  let query: Element | undefined;
  try {
    query = await session.ask('get', address, element('query', NS.discoInfo), ANSWER);
  } catch {
    return undefined;
  }
  const features = (query?.elements() ?? []).filter((child) => child.name === 'feature');
  return new Set(features.flatMap((feature) => feature.attribute('var') ?? []));
}
