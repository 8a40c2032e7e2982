import { hubService } from '../discovery/hub-service.js';
import { HUB_ALIAS } from './addresses.js';
import type { Announcement } from './announcement.js';
import type { OwnPresence } from './own-presence.js';

/** Announces what the hub offers: the embedded server [0347 3.3.2], and itself to those without a server [0174 3]. */
export function announce(
  announcement: Announcement,
  offered: {
    readonly domain: string;
    readonly server: { readonly port: number } | undefined;
    readonly link: { readonly port: number } | undefined;
    readonly presence: OwnPresence;
  },
): void {
  const { domain, server, link, presence } = offered;
  if (server !== undefined)
    announcement.publish(hubService({ port: server.port, domain, regis: HUB_ALIAS, provis: HUB_ALIAS }));
  if (link !== undefined) presence.publish(announcement, link.port);
}
