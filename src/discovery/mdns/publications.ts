import type { Clock } from '../../system/clock.js';
import { encodeLabels, foldName } from './names.js';
import { Pace } from './pace.js';
import { textRecord } from './records.js';
import { instanceLabel, instanceName, type Service } from './zone.js';

/** Bytes that the machine's label may come to need: one letter and `-hub-10`. */
const LEAST_ROOM = 8;
const MAX_LABEL = 63;

/** A service that is announced. */
export interface Publication {
  /** The instance's label, as `pronto` or `hub@pronto`: it changes with the machine's label. */
  readonly instance: string;
  /**
   * Changes the service's text; neighbours hear of it, ten times a minute at most. Throws a RangeError if it cannot be
   * said. RFC 6762 §8.4
   */
  update(change: { readonly txt?: Service['txt'] }): void;
  /** Takes the service back, and nothing that other services need. Resolves when it is said. RFC 6762 §10.1 */
  withdraw(): Promise<void>;
}

/** What publications stand on. */
export interface PublicationsParts {
  /** The machine's label now. */
  label(): string;
  /** So many bytes come before the machine's label. */
  reserve(bytes: number): void;
  /** What is announced has changed: resolves when the neighbours have heard it, or never will. */
  changed(): Promise<void>;
}

/** The services that this machine announces. */
export class Publications {
  readonly #parts: PublicationsParts;
  readonly #clock: Clock;
  readonly #paces = new Set<Pace>();
  #isRunning = false;
  #services: readonly Service[] = [];
  #named = { label: '', services: this.#services, keys: new Set<string>() };

  constructor(parts: PublicationsParts, clock: Clock) {
    this.#parts = parts;
    this.#clock = clock;
  }

  /** All of them, in the order in which they were published. */
  get services(): readonly Service[] {
    return this.#services;
  }

  /** Whether this is the full name, folded, of an instance of ours as it is called now. */
  has(key: string): boolean {
    const label = this.#parts.label();
    const services = this.#services;
    if (this.#named.label !== label || this.#named.services !== services) {
      const keys = new Set(services.map((service) => foldName(instanceName(label, service))));
      this.#named = { label, services, keys };
    }
    return this.#named.keys.has(key);
  }

  /**
   * Announces one more. Throws a RangeError that names what is wrong: a label over 63 bytes, a name over 255, a text
   * that cannot be said, a port that is none, or a service that there is already.
   */
  publish(service: Service): Publication {
    check(service, this.#parts.label());
    const isSame = ({ type, user }: Service): boolean => type === service.type && user === service.user;
    if (this.#services.some(isSame)) {
      throw new RangeError(
        `the service ${JSON.stringify(service.type)} is published under this name already`,
      );
    }
    let now: Service | undefined = service;
    const replace = (next: Service | undefined): void => {
      const old = now;
      now = next;
      this.#services = this.#services.flatMap((other) => (other === old ? (next ?? []) : other));
    };
    const pace = new Pace(() => void this.#parts.changed(), this.#clock);
    this.#paces.add(pace);
    const before = bytesBefore(service);
    if (before > 0) this.#parts.reserve(before);
    this.#services = [...this.#services, service];
    void this.#parts.changed();
    const label = (): string => this.#parts.label();
    return {
      get instance(): string {
        return instanceLabel(label(), service);
      },
      update: ({ txt }) => {
        if (now === undefined || txt === undefined) return;
        const next = { ...now, txt };
        check(next, label());
        replace(next);
        if (this.#isRunning) pace.changed();
      },
      withdraw: async () => {
        if (now === undefined) return;
        pace.stop();
        this.#paces.delete(pace);
        replace(undefined);
        await this.#parts.changed();
      },
    };
  }

  /** Tells of changes from now on. */
  start(): void {
    this.#isRunning = true;
  }

  /** Waits for nothing any more; what has changed is told at the next start. */
  stop(): void {
    this.#isRunning = false;
    for (const pace of this.#paces) pace.stop();
  }
}

/** Bytes of an instance's label before the machine's part. */
function bytesBefore({ user }: Pick<Service, 'user'>): number {
  return user === undefined ? 0 : Buffer.byteLength(`${user.normalize('NFC')}@`);
}

/** Throws a RangeError if the service cannot be announced. */
function check(service: Service, label: string): void {
  const { type, port, txt } = service;
  const before = bytesBefore(service);
  if (before > MAX_LABEL - LEAST_ROOM) {
    const whole = JSON.stringify(instanceLabel(label, service));
    throw new RangeError(`the label ${whole} has no room for the machine's name within ${MAX_LABEL} bytes`);
  }
  if (!/^_[a-z0-9-]+\._(tcp|udp)$/i.test(type)) {
    throw new RangeError(`${JSON.stringify(type)} is not a service type such as "_presence._tcp"`);
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new RangeError(`${port} is not a port`);
  const name = instanceName(label.slice(0, MAX_LABEL - before), service);
  encodeLabels(name);
  textRecord(name, txt);
}
