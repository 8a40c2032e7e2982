import type { Service } from '../../domain/service.js';
import { services } from '../keys.js';
import type { View } from '../store.js';

/** The services in memory, by their identities and names. */
export class ServiceIndex implements View<string, Service> {
  readonly table = services;
  private readonly byIdentity = new Map<string, Service>();
  private readonly byName = new Map<string, string>();

  changed(identity: string, service: Service | undefined): void {
    const known = this.byIdentity.get(identity);
    if (known?.name !== undefined && this.byName.get(known.name) === identity) this.byName.delete(known.name);
    if (service === undefined) {
      this.byIdentity.delete(identity);
      return;
    }
    this.byIdentity.set(identity, service);
    if (service.name !== undefined) this.byName.set(service.name, identity);
  }

  /** The service with this identity. */
  get(identity: string): Service | undefined {
    return this.byIdentity.get(identity);
  }

  /** The service that an owner means: by its name, or by at least eight characters that only its identity begins with. */
  find(text: string): Service | undefined {
    const named = this.byName.get(text);
    if (named !== undefined) return this.byIdentity.get(named);
    if (text.length < 8) return undefined;
    const begin = text.toLowerCase();
    const fitting = [...this.byIdentity.keys()].filter((identity) => identity.startsWith(begin));
    const [only, ...more] = fitting;
    return only === undefined || more.length > 0 ? undefined : this.byIdentity.get(only);
  }

  /** All services, in the order in which the hub first knew of them. */
  all(): Service[] {
    return [...this.byIdentity.values()].sort((a, b) => a.firstSeen - b.firstSeen);
  }

  /** How many there are. */
  get count(): number {
    return this.byIdentity.size;
  }
}
