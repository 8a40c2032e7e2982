import type { Config } from '../config/schema.js';
import { hubService } from '../discovery/hub-service.js';
import { Mdns } from '../discovery/mdns/mdns.js';
import type { World } from '../system/world.js';
import { HUB_ALIAS } from './addresses.js';

/** The hub on the LAN: how it is announced [0347 3.3.2], and under which host names it may be met. */
export class Announcement {
  private readonly mdns: Mdns | undefined;
  private readonly name: string;

  /** Announces nothing where the configuration says so. `port` is the embedded server's. */
  constructor(config: Config, domain: string, port: number, world: World) {
    this.name = config.name;
    if (!config.mdns.enabled) return;
    const { interfaces } = config.mdns;
    this.mdns = new Mdns(
      { name: config.name, interfaces: interfaces.length === 0 ? undefined : interfaces },
      { ...world, log: world.log.part('mdns') },
    );
    this.mdns.publish(hubService({ port, domain, regis: HUB_ALIAS, provis: HUB_ALIAS }));
  }

  /** Resolves once the names are probed and announced. */
  async start(): Promise<void> {
    await this.mdns?.start();
  }

  /** Says goodbye. */
  async stop(): Promise<void> {
    await this.mdns?.stop();
  }

  /** The host name under which the hub is reached now. */
  get hostName(): string {
    return this.mdns?.hostName ?? `${this.name}.local`;
  }

  /** Calls the listener with the new host name after a conflict. */
  onRename(listener: (hostName: string) => void): void {
    this.mdns?.onRename(listener);
  }

  /** What an owner should know, in sentences. */
  warnings(): string[] {
    if (this.mdns === undefined) return [];
    const texts = this.mdns.warnings();
    if (this.mdns.isAnnounced || texts.length > 0) return texts;
    return ['Things cannot find this hub by mDNS now: its names are not announced yet. See the log.'];
  }
}
