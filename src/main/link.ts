import type { Config } from '../config/schema.js';
import type { Authority } from '../edges/c2s/authority.js';
import { LinkLocal } from '../edges/link-local/link-local.js';
import type { World } from '../system/world.js';
import { linkLimits } from '../xmpp/link-local/endpoint-options.js';
import { HUB_ALIAS } from './addresses.js';
import type { Announcement } from './announcement.js';
import type { House } from './house.js';

/** The type under which those who speak without a server are found [0174 3]. */
export const PRESENCE = '_presence._tcp';

/** What the hub's edge on the link is made of. */
export interface LinkEdgeParts {
  readonly house: House;
  /** Started: its certificate is shown in TLS. */
  readonly authority: Authority;
  readonly announcement: Announcement;
}

/** The hub among those who speak without a server; `undefined` where the configuration does not want it, or nobody is seen. */
export function linkEdge(config: Config, parts: LinkEdgeParts, world: World): LinkLocal | undefined {
  const { house, authority, announcement } = parts;
  const presences = config.linkLocal.enabled ? announcement.browse(PRESENCE) : undefined;
  if (presences === undefined) return undefined;
  const { addresses, indexes, router, core } = house;
  const { stanzaBytes } = config.limits;
  const instance = () => `${HUB_ALIAS}@${announcement.label}`;
  addresses.meetAs(instance);
  return new LinkLocal(
    {
      listen: config.server.listen,
      port: config.linkLocal.port,
      limits: { ...linkLimits, stanzaBytes },
    },
    {
      world,
      router,
      presences,
      trust: {
        admit: (jid, certificate) => core.link.trust.admit(jid, certificate),
        isPinned: (jid) => indexes.pins.get(jid) !== undefined,
      },
      refusal: (jid) => core.link.trust.refusal(jid),
      certificate: () => {
        const { key, chain } = authority.issued;
        return { key, cert: chain };
      },
      instance,
      isOwn: (to) => addresses.servesHub(to) || addresses.servesDomain(to),
      info: () => house.hub.info(house.hub.capabilityNode),
      settled: () => announcement.settled,
    },
  );
}
