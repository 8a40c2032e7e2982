import type dgram from 'node:dgram';
import { EventEmitter } from 'node:events';
import type { InterfaceAddress, Network } from '../../src/system/network.js';

const GROUP = '224.0.0.251';

/** One datagram that went over a LAN. */
export interface Datagram {
  readonly at: number;
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  readonly bytes: Buffer;
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
  inject(bytes: Buffer, from = '10.77.0.66', fromPort = 5353, to = GROUP, toPort = 5353): void {
    this.traffic.push({ at: this.clock.monotonic(), from, fromPort, to, toPort, bytes });
    const rinfo = { address: from, port: fromPort, family: 'IPv4' as const, size: bytes.length };
    setImmediate(() => {
      for (const { machine, name } of this.ports) machine.deliver(name, bytes, rinfo, to, toPort);
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
      datagram: (options) => new MemorySocket(this, options.reuseAddr === true) as unknown as dgram.Socket,
    };
  }

  /** The interface with this address. */
  interfaceOf(address: string): string | undefined {
    return this.addresses.find((a) => a.address === address)?.name;
  }

  /** The LAN behind an interface. */
  lanOf(name: string | undefined): MemoryLan | undefined {
    return name === undefined ? undefined : this.lans.get(name);
  }

  /** The LAN on which an address is a neighbour's. */
  route(address: string): MemoryLan | undefined {
    const prefix = address.split('.').slice(0, 3).join('.');
    return this.lanOf(this.addresses.find((a) => a.address.startsWith(`${prefix}.`))?.name);
  }

  /** Hands a datagram that arrived on an interface to the sockets that the kernel would. */
  deliver(name: string, bytes: Buffer, from: dgram.RemoteInfo, to: string, port: number): void {
    const bound = this.sockets.filter((socket) => socket.bound?.port === port);
    if (to === GROUP) {
      if (!this.sockets.some(({ joined }) => joined.has(name))) return;
      const hearing = bound.filter(({ bound: at }) => at?.address === GROUP || at?.address === '0.0.0.0');
      for (const socket of hearing) socket.emit('message', Buffer.from(bytes), from);
    } else if (this.addresses.some(({ address }) => address === to)) {
      const best = bound.filter(({ bound: at }) => at?.address === '0.0.0.0' || at?.address === to).at(-1);
      best?.emit('message', Buffer.from(bytes), from);
    }
  }
}

/** A UDP socket, as far as mDNS uses it. */
export class MemorySocket extends EventEmitter {
  readonly joined = new Set<string>();
  bound: { address: string; port: number } | undefined;
  private source: string | undefined;
  private readonly machine: MemoryMachine;
  private readonly reuse: boolean;

  constructor(machine: MemoryMachine, reuse: boolean) {
    super();
    this.machine = machine;
    this.reuse = reuse;
  }

  bind({ port, address = '0.0.0.0' }: dgram.BindOptions, done: () => void): void {
    const rivals = this.machine.sockets.filter((other) => {
      const at = other.bound;
      const meets = at?.address === address || at?.address === '0.0.0.0' || address === '0.0.0.0';
      return at?.port === port && meets && !(other.reuse && this.reuse);
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
    const lan = address === GROUP ? this.machine.lanOf(name) : this.machine.route(address);
    if (lan === undefined || source === undefined) {
      done(Object.assign(new Error('send ENETUNREACH'), { code: 'ENETUNREACH' }));
      return;
    }
    lan.inject(bytes, source, this.bound?.port ?? 0, address, port);
    done(null);
  }

  close(done: () => void = () => undefined): void {
    const at = this.machine.sockets.indexOf(this);
    if (at >= 0) this.machine.sockets.splice(at, 1);
    this.bound = undefined;
    setImmediate(done);
  }
}
