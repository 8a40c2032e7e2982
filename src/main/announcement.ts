import type { Config } from '../config/schema.js';
import { AvahiBackend } from '../discovery/avahi-backend.js';
import type { Browser } from '../discovery/browser.js';
import { Mdns, type NameMemory, type Publication, type RenameListener } from '../discovery/mdns/mdns.js';
import type { Service } from '../discovery/mdns/zone.js';
import type { World } from '../system/world.js';

/** What speaks mDNS for the hub. */
interface Backend {
  readonly hostName: string;
  readonly label: string;
  readonly isAnnounced: boolean;
  publish(service: Service): Publication;
  browse(type: string): Browser;
  start(): Promise<void>;
  stop(): Promise<void>;
  warnings(): string[];
  silence(name: string): number | undefined;
  onRename(listener: RenameListener): void;
}

/** The hub on the LAN: what is announced of it, under which names it may be met, and whom it sees there. */
export class Announcement {
  private readonly backend: Backend | undefined;
  private readonly name: string;
  private readonly published = new Set<Service>();
  private settle: () => void = () => undefined;
  /** Resolves once others had time to learn the hub's names. */
  readonly settled: Promise<void> = new Promise((resolve) => {
    this.settle = resolve;
  });

  /** Announces nothing where the configuration says so. `names` keeps the label that a conflict led to. */
  constructor(config: Config, names: NameMemory, world: World) {
    this.name = config.name;
    if (config.mdns.enabled) this.backend = backendOf(config, names, world);
  }

  /** Announces a service from the start on; `undefined` where nothing is announced. */
  publish(service: Service): Publication | undefined {
    this.published.add(service);
    return this.backend?.publish(service);
  }

  /** What is announced. */
  get services(): readonly Service[] {
    return this.backend === undefined ? [] : [...this.published];
  }

  /** Milliseconds since another machine was heard on an interface; `undefined` where the hub does not listen. */
  silence(name: string): number | undefined {
    return this.backend?.silence(name);
  }

  /** Who offers services of a type; `undefined` where nobody is looked for. */
  browse(type: string): Browser | undefined {
    return this.backend?.browse(type);
  }

  /** Resolves once the names are probed and announced. */
  async start(): Promise<void> {
    await this.backend?.start();
    this.settle();
  }

  /** Says goodbye. */
  async stop(): Promise<void> {
    await this.backend?.stop();
    this.settle();
  }

  /** The host name under which the hub is reached now. */
  get hostName(): string {
    return this.backend?.hostName ?? `${this.name}.local`;
  }

  /** The machine's label in instances, as in `hub@pronto`. */
  get label(): string {
    return this.backend?.label ?? this.name;
  }

  /** Calls the listener with the new host name after a conflict. */
  onRename(listener: RenameListener): void {
    this.backend?.onRename(listener);
  }

  /** What an owner should know, in sentences. */
  warnings(): string[] {
    if (this.backend === undefined) return [];
    const texts = this.backend.warnings();
    if (this.backend.isAnnounced || texts.length > 0) return texts;
    return ['Things cannot find this hub by mDNS now: its names are not announced yet. See the log.'];
  }
}

function backendOf({ name, mdns }: Config, names: NameMemory, world: World): Backend {
  const own = { ...world, log: world.log.part('mdns') };
  if (mdns.backend === 'avahi') return new AvahiBackend({ name, names }, own);
  const { globalAddresses } = mdns;
  const interfaces = mdns.interfaces.length === 0 ? undefined : mdns.interfaces;
  return new Mdns({ name, names, interfaces, globalAddresses }, own);
}
