import type { ProgramEnd } from '../../system/processes.js';
import type { Service } from '../mdns/zone.js';
import { type AvahiWorld, Kept } from './kept.js';

/** Milliseconds after which a name that this machine itself has is tried once more: avahi may not have let go yet. */
const LETTING_GO = 500;

/** What the owner of a published service is told. */
export interface PublishedEvents {
  /** It is announced, by this host name. */
  established(hostName: string): void;
  /** Another has its name; `label` was the machine's part of it. */
  taken(label: string): void;
  /** It is not announced, and why: a sentence that says what to do. */
  failed(why: string): void;
}

/** One service in the machine's avahi, by avahi-publish-service(1): a program that runs as long as the service is there. */
export class PublishedService {
  private service: Service;
  private readonly label: () => string;
  private readonly events: PublishedEvents;
  private readonly world: AvahiWorld;
  private readonly kept: Kept;
  private host = '';
  private established = false;
  private isSecondTry = false;
  private said = '';

  /** `label` is the machine's part of the instance now. */
  constructor(service: Service, label: () => string, world: AvahiWorld, events: PublishedEvents) {
    this.service = service;
    this.label = label;
    this.world = world;
    this.events = events;
    this.kept = new Kept('avahi-publish-service', () => this.args(), world, {
      line: (text) => this.read(text),
      ended: (end) => this.ended(end),
    });
  }

  /** The instance's label: the machine, or `user@machine`. */
  get instance(): string {
    const { user } = this.service;
    return user === undefined ? this.label() : `${user}@${this.label()}`;
  }

  /** Whether it is announced now. */
  get isEstablished(): boolean {
    return this.established;
  }

  /** Begins to announce it. */
  start(): void {
    this.kept.start();
  }

  /** Announces it anew, with the name of now and with other TXT pairs where they are given. */
  async renew(txt: Service['txt'] = this.service.txt): Promise<void> {
    this.service = { ...this.service, txt };
    this.forget();
    await this.kept.restart();
  }

  /** Takes it back. */
  async stop(): Promise<void> {
    this.forget();
    await this.kept.stop();
  }

  private forget(): void {
    this.established = false;
    this.isSecondTry = false;
    this.host = '';
  }

  private args(): readonly string[] {
    const { type, port, txt } = this.service;
    const pairs = txt.map(([key, value]) => `${key}=${value}`);
    return ['--verbose', '--', this.instance, type, String(port), ...pairs];
  }

  /** The program's messages, as avahi-utils 0.6 to 0.8 have them. */
  private read(line: string): void {
    this.said = line;
    const [, host] = /; Host name: (\S+)$/.exec(line) ?? [];
    if (host !== undefined) this.host = host;
    if (/^Name collision, picking new name/.test(line)) this.lose();
    else if (/: Local name collision$/.test(line)) this.loseAtHome();
    // A second time without a new program: avahi has another host name, which only a new program tells.
    else if (/^Established under name /.test(line) && this.established) void this.renew();
    else if (/^Established under name /.test(line)) this.established = true;
    if (!this.established || this.host === '') return;
    this.isSecondTry = false;
    this.kept.settled();
    this.events.established(this.host);
  }

  private lose(): void {
    this.forget();
    const label = this.label();
    void this.kept.stop().then(() => this.events.taken(label));
  }

  /** The program ends by itself then. */
  private loseAtHome(): void {
    if (this.isSecondTry) this.lose();
    else {
      this.isSecondTry = true;
      this.world.clock.after(LETTING_GO, () => this.isSecondTry && this.kept.start(), 'avahi name');
    }
  }

  private ended({ isMissing }: ProgramEnd): void {
    this.established = false;
    this.host = '';
    if (this.isSecondTry) return;
    if (isMissing) this.events.failed(MISSING);
    else this.events.failed(/Daemon|Client failure/.test(this.said) ? NO_DAEMON : `avahi says: ${this.said}`);
  }
}

const MISSING =
  'The hub cannot be found by mDNS: mdns.backend is avahi, and its program avahi-publish-service is not there. ' +
  'Install it (Debian: apt install avahi-daemon avahi-utils), or set mdns.backend to own.';

const NO_DAEMON =
  'The hub cannot be found by mDNS: mdns.backend is avahi, and avahi-daemon does not run. ' +
  'Start it (systemctl enable --now avahi-daemon), or set mdns.backend to own.';
