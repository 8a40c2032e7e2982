import type { Timer } from '../system/clock.js';
import { AvahiBrowser } from './avahi/avahi-browser.js';
import type { AvahiWorld } from './avahi/kept.js';
import { PublishedService } from './avahi/published-service.js';
import type { Browser } from './browser.js';
import { Candidate } from './mdns/candidate.js';
import { nameOf } from './mdns/names.js';
import { LOCAL, type Service } from './mdns/zone.js';

/** Milliseconds for which the start waits for avahi, and until the names are tried again after all were taken. */
const PATIENCE = 5000;
const GIVEN_UP = 300_000;

/** How the services are named. */
export interface AvahiOptions {
  /** The machine's label in instances. */
  readonly name: string;
  /** Keeps the label that a conflict led to. */
  readonly names?: { load(): Promise<string | undefined>; save(label: string): Promise<void> };
}

/** A service in avahi, as its owner holds it. */
interface AvahiPublication {
  readonly instance: string;
  update(change: { txt?: Service['txt'] }): void;
  withdraw(): Promise<void>;
}

/**
 * Publishes and browses by the avahi that runs on this machine, with its own tools, one program for each service: for
 * owners who want one responder only. RFC 6762 §15.4 The host name, its addresses and the interfaces are avahi's; of a
 * name that is taken the hub makes `-1`, `-2`, … as its own responder does. [0347 3.3.2]
 */
export class AvahiBackend {
  private readonly options: AvahiOptions;
  private readonly world: AvahiWorld;
  private readonly candidate: Candidate;
  private readonly services = new Set<PublishedService>();
  private readonly browsers: AvahiBrowser[] = [];
  private readonly listeners: ((hostName: string, label: string) => void)[] = [];
  private host: string | undefined;
  private fault: string | undefined;
  private retry: Timer | undefined;
  private isRunning = false;
  private onSettled: () => void = () => undefined;

  constructor(options: AvahiOptions, world: AvahiWorld) {
    this.options = options;
    this.world = world;
    this.candidate = new Candidate(options.name);
  }

  /** The host name that avahi has given this machine; a guess before it said so. */
  get hostName(): string {
    return this.host ?? nameOf(this.label, LOCAL);
  }

  /** The machine's label in instances. */
  get label(): string {
    return this.candidate.label;
  }

  /** Whether avahi announces all services now. */
  get isAnnounced(): boolean {
    return this.services.size > 0 && [...this.services].every(({ isEstablished }) => isEstablished);
  }

  /** avahi reads what comes from the network, and does not tell what it drops. */
  get refused(): number {
    return 0;
  }

  /** avahi does not tell when it heard somebody. */
  silence(): undefined {
    return undefined;
  }

  /** What keeps avahi from announcing, for the owner. */
  warnings(): string[] {
    return this.isAnnounced || this.fault === undefined ? [] : [this.fault];
  }

  /** `listener` hears of each other host name or label. */
  onRename(listener: (hostName: string, label: string) => void): void {
    this.listeners.push(listener);
  }

  /** Publishes a service, at the start or at once where it runs already. */
  publish(service: Service): AvahiPublication {
    if (service.user !== undefined) this.candidate.reserve(Buffer.byteLength(service.user) + 1);
    const published = new PublishedService(service, () => this.label, this.world, {
      established: (hostName) => this.established(hostName),
      taken: (label) => this.taken(label),
      failed: (why) => this.fail(why),
    });
    this.services.add(published);
    if (this.isRunning) published.start();
    return {
      get instance() {
        return published.instance;
      },
      update: ({ txt }) => {
        if (txt !== undefined) void published.renew(txt);
      },
      withdraw: () => {
        this.services.delete(published);
        return published.stop();
      },
    };
  }

  /** Looks for the services of a type, as `_presence._tcp`, from the start on. */
  browse(type: string): Browser {
    const browser = new AvahiBrowser(type, this.world);
    this.browsers.push(browser);
    if (this.isRunning) browser.start();
    return browser;
  }

  /** Resolves once avahi has announced all services, or says that it cannot, or after five seconds. Never rejects. */
  async start(): Promise<void> {
    const label = await this.options.names?.load();
    if (label !== undefined) this.candidate.recall(label);
    this.isRunning = true;
    const settled = new Promise<void>((resolve) => {
      this.onSettled = resolve;
    });
    const timer = this.world.clock.after(PATIENCE, () => this.onSettled(), 'avahi start');
    for (const browser of this.browsers) browser.start();
    for (const service of this.services) service.start();
    if (this.services.size > 0) await settled;
    timer.cancel();
  }

  /** Ends the programs, by which avahi says goodbye. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.retry?.cancel();
    this.onSettled();
    await Promise.all([...this.services, ...this.browsers].map((part) => part.stop()));
  }

  private established(hostName: string): void {
    const before = this.hostName;
    this.host = hostName;
    if (this.isAnnounced) {
      this.fault = undefined;
      this.candidate.settle();
      this.onSettled();
    }
    if (hostName !== before) this.tell();
  }

  /** All services of the machine have one label, so all change it together; several may tell of its loss. */
  private taken(was: string): void {
    if (!this.isRunning || was !== this.label) return;
    if (!this.candidate.next()) {
      this.fail('Every mDNS name of this hub is taken by other machines. Give it another: set "name".');
      this.retry?.cancel();
      this.retry = this.world.clock.after(GIVEN_UP, () => this.tryAgain(), 'avahi retry');
      return;
    }
    this.world.log.warn('the mDNS name is taken; the hub takes another', { was, is: this.label });
    this.renewAll();
    this.tell();
    this.options.names?.save(this.label).catch((error: unknown) => {
      this.world.log.warn('The mDNS name could not be kept for the next start.', { error: String(error) });
    });
  }

  private tryAgain(): void {
    this.candidate.restart();
    this.renewAll();
  }

  private renewAll(): void {
    for (const service of this.services) {
      void service.renew().then(() => {
        if (this.isRunning && this.services.has(service)) service.start();
      });
    }
  }

  private fail(why: string): void {
    if (why !== this.fault) this.world.log.warn(why);
    this.fault = why;
    this.onSettled();
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.hostName, this.label);
  }
}
