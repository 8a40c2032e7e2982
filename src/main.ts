import { join } from 'node:path';
import type { Config } from './config/schema.js';
import type { Ready } from './domain/admin.js';
import type { Conversation, Perform } from './domain/conversation.js';
import { StartFailure } from './domain/start-failure.js';
import { Authority } from './edges/c2s/authority.js';
import type { C2s } from './edges/c2s/c2s.js';
import type { LinkLocal } from './edges/link-local/link-local.js';
import { announce } from './main/announce.js';
import { Announcement } from './main/announcement.js';
import { Doctor } from './main/doctor.js';
import { adminOf, controlPath, readyOf } from './main/facts.js';
import { House } from './main/house.js';
import { loadIdentity, nameMemory } from './main/identity.js';
import { type LinkEdgeParts, linkEdge } from './main/link.js';
import { OwnPresence } from './main/own-presence.js';
import { portFailure } from './main/port-failure.js';
import { embeddedServer } from './main/server.js';
import { LevelStore } from './storage/level-store.js';
import type { Store } from './storage/store.js';
import { SystemGlance } from './system/glance.js';
import type { World } from './system/world.js';
import type { Admin } from './web/admin.js';
import { ControlServer } from './web/control-server.js';
import { perform } from './web/perform.js';

/** The hub: everything that runs, started and stopped in order. */
export interface Hub {
  /** Resolves once the store is checked, ports are bound, and names are announced. Rejects with StartFailure. */
  start(): Promise<Ready>;
  /** Stops in reverse order; never rejects. */
  stop(): Promise<void>;
  /** Renews the certificate for the machine's names and addresses as they are now. */
  reload(): Promise<void>;
  /** What the administrator's commands work on; once started. */
  readonly admin: Admin;
}

/** What a test may bring instead of the daemon's own, who hears of a start that takes long, and who chats. */
export interface HubOptions {
  readonly store?: Store;
  /** Called every few seconds, with the part of the records read, in percent. */
  readonly onProgress?: (percent: number) => void;
  /** Makes what answers people who write to the hub; nobody does if not given. It asks the hub by `perform`. */
  readonly conversation?: (perform: Perform) => Conversation;
}

/** A hub for this configuration in this world. Nothing happens until it is started. */
export function createHub(config: Config, world: World, options: HubOptions = {}): Hub {
  return new RunningHub(config, world, options);
}

/** Something that can be started and stopped. */
interface Part {
  start(): Promise<void> | void;
  stop(): Promise<void> | void;
}

class RunningHub implements Hub {
  private readonly config: Config;
  private readonly world: World;
  private readonly options: HubOptions;
  private readonly started: { readonly name: string; readonly part: Part }[] = [];
  private administered: Admin | undefined;
  private announcement: Announcement | undefined;
  /** The machine label in mDNS that a conflict led to in an earlier run. */
  private kept: string | undefined;
  private renew: () => Promise<unknown> = async () => undefined;

  constructor(config: Config, world: World, options: HubOptions) {
    this.config = config;
    this.world = world;
    this.options = options;
  }

  get admin(): Admin {
    if (this.administered === undefined) throw new Error('The hub is not started.');
    return this.administered;
  }

  async start(): Promise<Ready> {
    const { config, world } = this;
    const since = world.clock.now();
    await this.makeDataFolder();
    const identity = await loadIdentity(config.data, config, world);
    this.kept = identity.mdnsName;
    const store = this.options.store ?? this.levelStore();
    const house = new House(config, identity.domain, store, world);
    const presence = new OwnPresence({
      store,
      isOwned: () => house.owners.local().length > 0,
      hub: house.hub,
    });
    const announcement = new Announcement(config, nameMemory(config.data, identity, world), world);
    this.announcement = announcement;
    const authority = await this.openStores(house, store);
    await this.open('requests to clients', { start: () => undefined, stop: () => house.stop() });
    const server = config.server.enabled ? await this.openServer(house, authority) : undefined;
    const link = await this.openLink({ house, authority, announcement });
    announce(announcement, { domain: identity.domain, server, link, presence });
    const parts = { config, house, store, server, link, announcement, since, clock: world.clock };
    const running = { ...parts, doctor: this.doctorOf(house, store, announcement) };
    this.administered = adminOf(running);
    await this.open('control socket', new ControlServer(controlPath(config), this.administered, world));
    this.renew = () => authority.certificateFor(this.names(house));
    announcement.onRename(() => void this.reload());
    await this.open('announcement', announcement);
    await this.open('outbox', house.core);
    await this.open('chat', this.chatOf(house, this.administered));
    this.tellOwner(house, store);
    return readyOf(running);
  }

  async stop(): Promise<void> {
    for (const { name, part } of this.started.splice(0).reverse()) {
      try {
        await part.stop();
      } catch (error) {
        this.world.log.error('A part of the hub did not stop as it should.', {
          part: name,
          error: String(error),
        });
      }
    }
  }

  async reload(): Promise<void> {
    try {
      await this.renew();
    } catch (error) {
      this.world.log.error('The certificate could not be renewed; the old one stays.', {
        error: String(error),
      });
    }
  }

  private async open(name: string, part: Part): Promise<void> {
    await part.start();
    this.started.push({ name, part });
  }

  /** The records first: their lock keeps a second hub away from the certificates. */
  private async openStores(house: House, store: Store): Promise<Authority> {
    const authority = new Authority(join(this.config.data, 'tls'), this.world);
    await this.open('store', store);
    await this.open('certificates', {
      start: () => authority.start(this.names(house)),
      stop: () => authority.stop(),
    });
    return authority;
  }

  private doctorOf({ core }: House, store: Store, announcement: Announcement): Doctor {
    const { config, world } = this;
    const state = { damage: () => store.damage?.text, time: () => core.time() };
    return new Doctor({ config, announcement, ...state }, { ...world, glance: new SystemGlance() });
  }

  private chatOf({ chat }: House, admin: Admin): Part {
    const conversation = this.options.conversation?.((name, request) => perform(admin, name, request));
    return { start: () => chat.open(conversation), stop: () => chat.close() };
  }

  private async openServer(house: House, authority: Authority): Promise<C2s> {
    const { accounts, rosters, router } = house;
    const hosts = () => this.names(house).hosts;
    const server = embeddedServer(this.config, { accounts, rosters, router, authority, hosts }, this.world);
    router.add(house.guarded(server.destination));
    house.connect(server);
    await this.openPort('server', server);
    return server;
  }

  private async openLink(parts: LinkEdgeParts): Promise<LinkLocal | undefined> {
    const link = linkEdge(this.config, parts, this.world);
    if (link === undefined) return undefined;
    parts.house.router.add(link.destination);
    parts.house.connect(link);
    await this.openPort('serverless messaging', link);
    return link;
  }

  private openPort(name: string, part: C2s | LinkLocal): Promise<void> {
    return this.open(name, {
      start: () => part.start().catch((error: unknown) => Promise.reject(portFailure(error))),
      stop: () => part.stop(),
    });
  }

  /** Every name under which clients meet this hub: those that it may have in mDNS, and the one that it has. */
  private names(house: House) {
    const { domain, hub } = house.addresses;
    const { name } = this.config;
    const labels = [name, `${name}-hub`, this.kept ?? name];
    const hosts = [hub, ...labels.map((label) => `${label}.local`), this.announcement?.hostName ?? hub];
    return {
      domain,
      hosts: [...new Set(hosts)],
      addresses: this.world.network.interfaces().map(({ address }) => address),
    };
  }

  private async makeDataFolder(): Promise<void> {
    try {
      await this.world.files.makeFolder(this.config.data, 0o700);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new StartFailure('not-writable', `The data folder ${this.config.data} cannot be used: ${why}`, {
        cause,
      });
    }
  }

  private levelStore(): Store {
    const { data } = this.config;
    const { onProgress = () => undefined } = this.options;
    return new LevelStore(
      { folder: join(data, 'store'), snapshots: join(data, 'snapshots'), onProgress },
      this.world,
    );
  }

  /** What the owner of the home should know right after the start. */
  private tellOwner(house: House, store: Store): void {
    if (store.damage !== undefined || house.owners.local().length > 0) return;
    const { code } = house.accounts.setupCode.issue();
    this.world.log.info(
      'This hub has no owner yet. On this machine: hearth accounts add NAME --owner. ' +
        `Or with an XMPP client that asks for an invitation, within 15 minutes: setup code ${code}`,
    );
  }
}
