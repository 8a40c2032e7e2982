import type { Link } from './link.js';
import { foldName, labelsOf } from './names.js';
import { ServiceHost } from './service-host.js';
import { type Host, ServiceInstance } from './service-instance.js';
import { Shares } from './shares.js';

/** Hosts kept on which no instance is known to be: their addresses may have come before the rest. */
const MAX_LOOSE = 256;

/** The instances of one service type on all links and their hosts, by name and bounded. */
export class Directory {
  readonly #type: string;
  readonly #isOurs: (key: string) => boolean;
  readonly #onDrop: (node: ServiceInstance | Host) => void;
  readonly #instances = new Map<string, Map<Link, ServiceInstance>>();
  readonly #hosts = new Map<Link, Map<string, Host>>();
  readonly #shares = new Shares<ServiceInstance>();
  /** Hosts without an instance, least recently heard first. */
  readonly #loose = new Set<Host>();

  /** `type` is a full name. `isOurs` tells what nobody asks about; `onDrop` is called with whatever is forgotten. */
  constructor(
    type: string,
    isOurs: (key: string) => boolean,
    onDrop: (node: ServiceInstance | Host) => void,
  ) {
    this.#type = type;
    this.#isOurs = isOurs;
    this.#onDrop = onDrop;
  }

  /** How many instances there are, each counted on each of its links. */
  get size(): number {
    return this.#shares.size;
  }

  /** What is known of one instance, link by link. `key` is its full name, folded. */
  named(key: string): ServiceInstance[] {
    return [...(this.#instances.get(key)?.values() ?? [])];
  }

  /** The instances on a link. */
  *on(link: Link): Generator<ServiceInstance, void> {
    for (const byLink of this.#instances.values()) {
      const instance = byLink.get(link);
      if (instance !== undefined) yield instance;
    }
  }

  /** The instance of this full name on a link, if it is known. */
  instance(name: string, link: Link): ServiceInstance | undefined {
    const known = this.#instances.get(foldName(name))?.get(link);
    if (known !== undefined) this.#shares.use(known);
    return known;
  }

  /** A new instance; `undefined` if the name is none of this type, or there is no room for it. */
  addInstance(name: string, link: Link, source: string): ServiceInstance | undefined {
    if (!this.#isInstance(name)) return undefined;
    const { isFree, victim } = this.#shares.room(link, source);
    if (!isFree) return undefined;
    if (victim !== undefined) this.drop(victim);
    const instance = new ServiceInstance(this.#type, name, link, source, this.#isOurs);
    const byLink = this.#instances.get(instance.key) ?? new Map<Link, ServiceInstance>();
    this.#instances.set(instance.key, byLink.set(link, instance));
    this.#shares.add(instance);
    return instance;
  }

  /** The host of this name on a link, if it is known. */
  host(name: string, link: Link): Host | undefined {
    const known = this.#hosts.get(link)?.get(foldName(name));
    if (known !== undefined && this.#loose.delete(known)) this.#loose.add(known);
    return known;
  }

  /** A new host, on which no instance is known to be yet. */
  addHost(name: string, link: Link): Host {
    const host = new ServiceHost<ServiceInstance>(name, link);
    const hosts = this.#hosts.get(link) ?? new Map<string, Host>();
    this.#hosts.set(link, hosts.set(host.key, host));
    this.#loosen(host);
    return host;
  }

  /** Notes on which host an instance is now; the host that it leaves, if any, comes back. */
  place(instance: ServiceInstance, name: string | undefined): Host | undefined {
    const old = instance.host;
    if (name !== undefined && old?.key === foldName(name)) return undefined;
    const host =
      name === undefined ? undefined : (this.host(name, instance.link) ?? this.addHost(name, instance.link));
    instance.host = host;
    host?.instances.add(instance);
    if (host !== undefined) this.#loose.delete(host);
    old?.instances.delete(instance);
    if (old !== undefined && old.instances.size === 0) this.#loosen(old);
    return old;
  }

  /** Whether everything is known of an instance now. */
  settle(instance: ServiceInstance, isResolved: boolean): void {
    this.#shares.settle(instance, isResolved);
  }

  /** Forgets an instance or a host on which there is none. */
  drop(node: ServiceInstance | Host): void {
    if (node instanceof ServiceHost) {
      if (node.instances.size > 0) return;
      this.#loose.delete(node);
      this.#hosts.get(node.link)?.delete(node.key);
    } else {
      const byLink = this.#instances.get(node.key);
      if (byLink?.get(node.link) !== node) return;
      byLink.delete(node.link);
      if (byLink.size === 0) this.#instances.delete(node.key);
      this.#shares.remove(node);
      this.place(node, undefined);
    }
    this.#onDrop(node);
  }

  /** Forgets what is on a link. */
  forget(link: Link): void {
    for (const instance of [...this.on(link)]) this.drop(instance);
    for (const host of [...(this.#hosts.get(link)?.values() ?? [])]) this.drop(host);
    this.#hosts.delete(link);
  }

  #loosen(host: Host): void {
    this.#loose.add(host);
    const [oldest] = this.#loose;
    if (this.#loose.size > MAX_LOOSE && oldest !== undefined) this.drop(oldest);
  }

  /** One label before the type. */
  #isInstance(name: string): boolean {
    const end = `.${foldName(this.#type)}`;
    return foldName(name).endsWith(end) && labelsOf(name.slice(0, -end.length)).length === 1;
  }
}
