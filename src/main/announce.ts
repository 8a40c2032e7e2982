import { hubService } from '../discovery/hub-service.js';
import type { Service } from '../discovery/mdns/zone.js';
import { HUB_ALIAS } from './addresses.js';
import type { Announcement } from './announcement.js';
import { PRESENCE } from './link.js';

/** Announces what the hub offers: the embedded server [0347 3.3.2], and itself to those without a server [0174 3]. */
export function announce(
  announcement: Announcement,
  offered: {
    readonly domain: string;
    readonly server: { readonly port: number } | undefined;
    readonly link: { readonly port: number } | undefined;
  },
): void {
  const { domain, server, link } = offered;
  if (server !== undefined)
    announcement.publish(hubService({ port: server.port, domain, regis: HUB_ALIAS, provis: HUB_ALIAS }));
  if (link !== undefined) announcement.publish(hubPresence(link.port));
}

/** The hub's presence [0174 3.1]. */
function hubPresence(port: number): Service {
  const txt = [
    ['txtvers', '1'],
    ['port.p2pj', String(port)],
    ['status', 'avail'],
  ] as const;
  return { type: PRESENCE, user: HUB_ALIAS, port, txt };
}
