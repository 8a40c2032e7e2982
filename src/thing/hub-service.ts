import { discoveryNs, provisioningNs } from '../dialects/namespaces.js';
import { type Generation, generations } from '../domain/generation.js';
import { bareJid } from '../domain/jid.js';
import { type Element, element } from '../xmpp/element.js';
import { NS } from '../xmpp/namespaces.js';
import type { Session } from './client/session.js';
import { SessionError } from './client/session-error.js';

/** What the domain offers to things. */
export interface HubService {
  readonly generation: Generation;
  /** Where to register; also the only address that may say claimed, removed and disowned. */
  readonly registry: string;
  /** Whom to ask; absent if nobody decides here. */
  readonly provisioning?: string;
}

/** Generations in the order in which a thing prefers them. */
export const PREFERRED: readonly Generation[] = [
  'nf',
  ...generations.filter((generation) => generation !== 'nf'),
];

/** Most items of a domain that are asked what they are, and longest wait for one, in milliseconds. */
const MOST_ITEMS = 32;
const ANSWER = 15_000;

/**
 * Finds registry and provisioning by service discovery (XEP-0030): the items of the domain, then the domain itself.
 * Rejects with no-registry.
 */
export async function findService(session: Session, generation: Generation | undefined): Promise<HubService> {
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
  const service = choose(known, generation === undefined ? PREFERRED : [generation]);
  if (service === undefined)
    throw new SessionError(
      'no-registry',
      `${session.domain} has no registry of things that this thing understands.`,
    );
  return service;
}

function choose(
  known: readonly [string, Set<string>][],
  wanted: readonly Generation[],
): HubService | undefined {
  for (const generation of wanted) {
    const [registry] = known.find(([, features]) => features.has(discoveryNs[generation])) ?? [];
    if (registry === undefined) continue;
    const [provisioning] = known.find(([, features]) => features.has(provisioningNs[generation])) ?? [];
    return provisioning === undefined ? { generation, registry } : { generation, registry, provisioning };
  }
  return undefined;
}

/** The features of an address; one that is silent or refuses has none. */
export async function featuresOf(session: Session, address: string): Promise<Set<string> | undefined> {
  let query: Element | undefined;
  try {
    query = await session.ask('get', address, element('query', NS.discoInfo), ANSWER);
  } catch {
    return undefined;
  }
  const features = (query?.elements() ?? []).filter((child) => child.name === 'feature');
  return new Set(features.flatMap((feature) => feature.attribute('var') ?? []));
}
