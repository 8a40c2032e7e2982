import type dgram from 'node:dgram';
import { EventEmitter } from 'node:events';
import type { InterfaceAddress, Network } from '../../src/system/network.js';

/** The groups of mDNS: the LAN carries no other multicast. */
const GROUP = '224.0.0.251';
const GROUP6 = 'ff02::fb';
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

/** An address without its zone. */
function bare(address: string): string {
  return address.split('%', 1)[0] ?? '';
}

/** What addresses of one subnet have in common; tests use /24 and /64. */
function prefixOf(address: string): string {
  return address.includes(':')
    ? bare(address.split('::', 1)[0] ?? '')
    : address.split('.').slice(0, 3).join('.');
}

/** One datagram that went over a LAN. */
export interface Datagram {
  readonly at: number;
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  readonly bytes: Buffer;
}

function groupFor(from: string): string {
  return from.includes(':') ? GROUP6 : GROUP;
}

/** An Ethernet in memory: what one machine sends to the group, all hear, the sender too. */
export class MemoryLan {
  readonly traffic: Datagram[] = [];
  readonly ports: { readonly machine: MemoryMachine; readonly name: string }[] = [];
  private readonly clock: { monotonic(): number };

  constructor(clock: { monotonic(): number }) {
    this.clock = clock;
  }

  /** Puts a datagram on the LAN, as from a machine that is not simulated. */
  inject(bytes: Buffer, from = '10.77.0.66', fromPort = 5353, to = groupFor(from), toPort = 5353): void {
    this.traffic.push({ at: this.clock.monotonic(), from, fromPort, to, toPort, bytes });
    const family = from.includes(':') ? ('IPv6' as const) : ('IPv4' as const);
    setImmediate(() => {
      for (const { machine, name } of this.ports) {
        const address = from.startsWith('fe80:') ? `${from}%${name}` : from;
        machine.deliver(name, bytes, { address, port: fromPort, family, size: bytes.length }, to, toPort);
      }
    });
  }
}

/** A machine with interfaces on LANs and UDP sockets on them. */
export class MemoryMachine {
  readonly addresses: InterfaceAddress[] = [];
  readonly sockets: MemorySocket[] = [];
  private readonly lans = new Map<string, MemoryLan>();

  /** Gives an interface an address on a LAN. */
  plug(lan: MemoryLan, name: string, address: string): this {
    this.lans.set(name, lan);
    const v6 = address.includes(':');
    this.addresses.push({
      name,
      address,
      netmask: v6 ? 'ffff:ffff:ffff:ffff::' : '255.255.255.0',
      family: v6 ? 'IPv6' : 'IPv4',
      internal: false,
      scope: 0,
    });
    if (!lan.ports.some((port) => port.machine === this && port.name === name)) {
      lan.ports.push({ machine: this, name });
    }
    return this;
  }

  /** Takes an interface away, with its addresses and memberships. */
  unplug(name: string): void {
    this.addresses.splice(0, Infinity, ...this.addresses.filter((a) => a.name !== name));
    for (const socket of this.sockets) socket.joined.delete(name);
    const lan = this.lans.get(name);
    lan?.ports.splice(0, Infinity, ...lan.ports.filter((p) => p.machine !== this || p.name !== name));
    this.lans.delete(name);
  }

  /** This machine's network; only datagrams work. */
  network(): Network {
    const refuse = (): never => {
      throw new Error('this machine has datagrams only');
    };
    return {
      listen: refuse,
      connect: refuse,
      interfaces: () => [...this.addresses],
      datagram: ({ type, reuseAddr }) =>
        new MemorySocket(this, type === 'udp6', reuseAddr === true) as unknown as dgram.Socket,
    };
  }

  /** The interface with this address, or named after a `%`. */
  interfaceOf(address: string): string | undefined {
    const [, zone] = address.split('%', 2);
    return this.addresses.find((a) => (zone === undefined ? a.address === address : a.name === zone))?.name;
  }

  /** The address from which IPv6 multicast leaves an interface: the link-local one, if it has one. */
  sourceOn(name: string | undefined): string | undefined {
    const six = this.addresses.filter((a) => a.name === name && a.family === 'IPv6').map((a) => a.address);
    return six.find((address) => address.startsWith('fe80:')) ?? six[0];
  }

  /** The LAN behind an interface. */
  lanOf(name: string | undefined): MemoryLan | undefined {
    return name === undefined ? undefined : this.lans.get(name);
  }

  /** The LAN on which an address is a neighbour's. */
  route(address: string): MemoryLan | undefined {
    if (address.includes('%')) return this.lanOf(this.interfaceOf(address));
    const prefix = prefixOf(address);
    return this.lanOf(this.addresses.find((own) => prefixOf(own.address) === prefix)?.name);
  }

  /** Hands a datagram that arrived on an interface to the sockets that the kernel would. */
  deliver(name: string, bytes: Buffer, from: dgram.RemoteInfo, to: string, port: number): void {
    const six = from.family === 'IPv6';
    const family = this.sockets.filter((socket) => socket.six === six);
    const bound = family.filter((socket) => socket.bound?.port === port);
    const hears = (addresses: readonly string[]): MemorySocket[] =>
      bound.filter(({ bound: at }) => at !== undefined && addresses.includes(at.address));
    if (to === GROUP || to === GROUP6) {
      if (!family.some(({ joined }) => joined.has(name))) return;
      const hearing = hears([...EVERYWHERE, six ? `${GROUP6}%${name}` : GROUP]);
      for (const socket of hearing) socket.emit('message', Buffer.from(bytes), from);
    } else if (this.addresses.some((own) => own.address === bare(to))) {
      hears([...EVERYWHERE, to])
        .at(-1)
        ?.emit('message', Buffer.from(bytes), from);
    }
  }
}

/** A UDP socket, as far as mDNS uses it. */
export class MemorySocket extends EventEmitter {
  readonly joined = new Set<string>();
  bound: { address: string; port: number } | undefined;
  private source: string | undefined;
  readonly six: boolean;
  private readonly machine: MemoryMachine;
  private readonly reuse: boolean;

  constructor(machine: MemoryMachine, six: boolean, reuse: boolean) {
    super();
    this.machine = machine;
    this.six = six;
    this.reuse = reuse;
  }

  bind({ port, address = this.six ? '::' : '0.0.0.0' }: dgram.BindOptions, done: () => void): void {
    const rivals = this.machine.sockets.filter((other) => {
      const at = other.bound;
      if (at === undefined || at.port !== port || other.six !== this.six) return false;
      const meets = [at.address, address].some((one) => EVERYWHERE.includes(one)) || at.address === address;
      return meets && !(other.reuse && this.reuse);
    });
    setImmediate(() => {
      if (rivals.length > 0) {
        this.emit('error', Object.assign(new Error('bind EADDRINUSE'), { code: 'EADDRINUSE' }));
        return;
      }
      this.bound = { address, port: port ?? 0 };
      this.machine.sockets.push(this);
      done();
    });
  }

  addMembership(_group: string, address: string): void {
    const name = this.machine.interfaceOf(address);
    if (name === undefined) throw Object.assign(new Error('addMembership ENODEV'), { code: 'ENODEV' });
    if (this.joined.has(name)) {
      throw Object.assign(new Error('addMembership EADDRINUSE'), { code: 'EADDRINUSE' });
    }
    this.joined.add(name);
  }

  setMulticastInterface(address: string): void {
    this.source = address;
  }

  setMulticastTTL(): void {}

  setTTL(): void {}

  setMulticastLoopback(): void {}

  send(
    bytes: Buffer,
    _offset: number,
    _length: number,
    port: number,
    address: string,
    done: (error: Error | null) => void,
  ): void {
    const { source } = this;
    const name = source === undefined ? undefined : this.machine.interfaceOf(source);
    const isGroup = address === GROUP || address === GROUP6;
    const lan = isGroup ? this.machine.lanOf(name) : this.machine.route(address);
    const from = this.six ? this.machine.sourceOn(name) : source;
    if (lan === undefined || from === undefined) {
      done(Object.assign(new Error('send ENETUNREACH'), { code: 'ENETUNREACH' }));
      return;
    }
    lan.inject(bytes, from, this.bound?.port ?? 0, bare(address), port);
    done(null);
  }

  close(done: () => void = () => undefined): void {
    const at = this.machine.sockets.indexOf(this);
    if (at >= 0) this.machine.sockets.splice(at, 1);
    this.bound = undefined;
    setImmediate(done);
  }
}
