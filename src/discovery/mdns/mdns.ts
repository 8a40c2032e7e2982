import type { Browser } from '../browser.js';
import { Candidate } from './candidate.js';
import { Claims } from './claims.js';
import { LanBrowser } from './lan-browser.js';
import { LastHeard } from './last-heard.js';
import { nameOf } from './names.js';
import { type Publication, Publications } from './publications.js';
import { type DiscoveryWorld, Sockets } from './sockets.js';
import { LOCAL, type Service } from './zone.js';

export type { Publication } from './publications.js';

/** Keeps the label that a conflict led to, so that the machine is found under the same name after a restart. */
export interface NameMemory {
  load(): Promise<string | undefined>;
  save(label: string): Promise<void>;
}

/** Under which name this machine is announced, and where. */
export interface MdnsOptions {
  /** The machine's name; its first label is used. */
  readonly name: string;
  /** The name is this program's own, not the machine's: it is not left to the machine's own responder. */
  readonly isOwnName?: boolean | undefined;
  /** Only these interfaces; all but container and point-to-point ones if not given. */
  readonly interfaces?: readonly string[] | undefined;
  /** Tell global IPv6 addresses too; not, if not given. */
  readonly globalAddresses?: boolean | undefined;
  readonly names?: NameMemory | undefined;
}

/** Told the new host name and machine label after a conflict. */
export type RenameListener = (hostName: string, label: string) => void;

/** All that this process says and hears by mDNS, on one set of sockets. RFC 6762, RFC 6763 */
export class Mdns {
  readonly #options: MdnsOptions;
  readonly #world: DiscoveryWorld;
  readonly #sockets: Sockets;
  readonly #candidate: Candidate;
  readonly #publications: Publications;
  readonly #claims: Claims;
  readonly #lastHeard: LastHeard;
  readonly #browsers = new Map<string, LanBrowser>();
  readonly #listeners: RenameListener[] = [];
  #unfollow: (() => void) | undefined;
  #isWanted = false;
  /** Counts the starts and stops, of which the last one counts. */
  #turn = 0;
  #ending: Promise<void> = Promise.resolve();
  #saved: string | undefined;

  constructor(options: MdnsOptions, world: DiscoveryWorld) {
    this.#options = options;
    this.#world = world;
    this.#candidate = new Candidate(options.name, options.isOwnName);
    const { interfaces, globalAddresses } = options;
    this.#sockets = new Sockets({ interfaces, globalAddresses, unicast: true }, world);
    this.#lastHeard = new LastHeard((address) => this.#sockets.isOwn(address), world.clock);
    this.#publications = new Publications(
      {
        label: () => this.#candidate.label,
        reserve: (bytes) => this.#claims.rename(() => this.#candidate.reserve(bytes)),
        changed: () => this.#claims.refresh(),
      },
      world.clock,
    );
    this.#claims = new Claims(
      {
        sockets: this.#sockets,
        candidate: this.#candidate,
        services: () => this.#publications.services,
        renamed: () => this.#renamed(),
        settled: () => void this.#save(),
      },
      world,
    );
  }

  /** The host name under which this machine is reached, as `pronto.local`. */
  get hostName(): string {
    return nameOf(this.#candidate.label, LOCAL);
  }

  /** The machine's label: the instance of services without a user. */
  get label(): string {
    return this.#candidate.label;
  }

  /** Whether the names are announced on some link now. */
  get isAnnounced(): boolean {
    return this.#claims.isAnnounced;
  }

  /** Datagrams dropped as malformed or from strangers. */
  get refused(): number {
    return this.#sockets.refused;
  }

  /** Milliseconds since another machine was heard on an interface; `undefined` where nobody listens. */
  silence(name: string): number | undefined {
    return this.#lastHeard.silence(name);
  }

  /** `listener` hears of every change of the host name, before the first announcement or after. */
  onRename(listener: RenameListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Announces a service from the start on, or from now if that was earlier: its names are probed first. Throws a
   * RangeError that names the label, port or text that cannot be announced.
   */
  publish(service: Service): Publication {
    return this.#publications.publish(service);
  }

  /** Who offers a service of this type, as `_presence._tcp`; one browser for each type, at work while this is. */
  browse(type: string): Browser {
    const known = this.#browsers.get(type);
    if (known !== undefined) return known;
    const browser = new LanBrowser(type, this.#sockets, this.#world, (key) => this.#publications.has(key));
    this.#browsers.set(type, browser);
    if (this.#unfollow !== undefined) browser.start();
    return browser;
  }

  /**
   * Resolves once the names are probed and first announced (about a second without conflicts), or at once where there
   * is no usable interface. Never rejects: what fails is logged, and tried again.
   */
  async start(): Promise<void> {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#turn += 1;
    const turn = this.#turn;
    await this.#ending;
    if (turn !== this.#turn) return;
    const ends = [this.#claims, this.#lastHeard].map((follower) => this.#sockets.follow(follower));
    this.#unfollow = () => {
      for (const end of ends) end();
    };
    await this.#recall();
    if (turn !== this.#turn) return; // Stopped meanwhile.
    this.#publications.start();
    this.#claims.start();
    for (const browser of this.#browsers.values()) browser.start();
    await this.#sockets.start();
    await this.#claims.done();
  }

  /** Says goodbye and closes the sockets. Never rejects. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    this.#turn += 1;
    this.#ending = this.#end();
    await this.#ending;
  }

  async #end(): Promise<void> {
    for (const browser of this.#browsers.values()) browser.stop();
    this.#publications.stop();
    await this.#claims.stop();
    this.#unfollow?.();
    this.#unfollow = undefined;
    await this.#sockets.stop();
  }

  /** What the owner should know, in sentences. */
  warnings(): string[] {
    const { conflicts, isSpent } = this.#claims;
    const { first } = this.#candidate;
    const { last, imitator } = conflicts;
    const who = last === undefined ? 'another device' : `another device (${last.by})`;
    const texts = [...this.#sockets.troubles];
    if (isSpent) {
      texts.push(
        `Every mDNS name from ${first} to ${first}-10 is taken (last by ${who}): not announced now.`,
      );
    } else if (this.label !== first) {
      texts.push(`Announced as ${this.hostName}, because ${who} uses the name ${nameOf(first, LOCAL)}.`);
    }
    if (imitator !== undefined) {
      const { name, by, port } = imitator;
      texts.push(
        `The device at ${by} announces ${name} on port ${port}, a name of this hub: another hub, or something ` +
          'that poses as this one. Things that know the certificate of this hub stay with it.',
      );
    }
    return texts;
  }

  #renamed(): void {
    for (const browser of this.#browsers.values()) browser.review();
    for (const listener of this.#listeners) listener(this.hostName, this.label);
  }

  async #recall(): Promise<void> {
    try {
      this.#saved = await this.#options.names?.load();
    } catch (error) {
      this.#world.log.warn('the mDNS name of last time could not be read', { reason: String(error) });
    }
    const { label } = this;
    if (this.#saved !== undefined) this.#candidate.recall(this.#saved);
    if (label !== this.label) this.#renamed();
  }

  async #save(): Promise<void> {
    const { label } = this;
    if (label === (this.#saved ?? this.#candidate.first)) return;
    this.#saved = label;
    try {
      await this.#options.names?.save(label);
    } catch (error) {
      this.#world.log.warn('the mDNS name could not be kept for the next start', { reason: String(error) });
    }
  }
}
