import type { Config } from '../config/schema.js';
import { hubService } from '../discovery/hub-service.js';
import { Responder } from '../discovery/mdns/responder.js';
import type { World } from '../system/world.js';
import { HUB_ALIAS } from './addresses.js';

/** The hub on the LAN: how it is announced [0347 3.3.2], and under which host names it may be met. */
export class Announcement {
  private readonly responder: Responder | undefined;
  private readonly name: string;

  /** Announces nothing where the configuration says so. `port` is the embedded server's. */
  constructor(config: Config, domain: string, port: number, world: World) {
    this.name = config.name;
    if (!config.mdns.enabled) return;
    const { interfaces } = config.mdns;
    const service = hubService({ port, domain, regis: HUB_ALIAS, provis: HUB_ALIAS });
    this.responder = new Responder(
      {
        name: config.name,
        services: [service],
        interfaces: interfaces.length === 0 ? undefined : interfaces,
      },
      { ...world, log: world.log.part('mdns') },
    );
  }

  /** Resolves once the names are probed and announced. */
  async start(): Promise<void> {
    await this.responder?.start();
  }

  /** Says goodbye. */
  async stop(): Promise<void> {
    await this.responder?.stop();
  }

  /** The host name under which the hub is reached now. */
  get hostName(): string {
    return this.responder?.hostName ?? `${this.name}.local`;
  }

  /** Calls the listener with the new host name after a conflict. */
  onRename(listener: (hostName: string) => void): void {
    this.responder?.onRename(listener);
  }

  /** What an owner should know, in sentences. */
  warnings(): string[] {
    if (this.responder === undefined || this.responder.isAnnounced) return [];
    return ['Things cannot find this hub by mDNS now: no network interface could be used. See the log.'];
  }
}
