import { hubService } from '../../src/discovery/hub-service.js';
import { decodeMessage, encodeMessage, type WireMessage } from '../../src/discovery/mdns/codec.js';
import { Mdns, type MdnsOptions } from '../../src/discovery/mdns/mdns.js';
import { type Message, readMessage } from '../../src/discovery/mdns/packet.js';
import type { DiscoveryWorld } from '../../src/discovery/mdns/sockets.js';
import type { Service } from '../../src/discovery/mdns/zone.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';
import { type Datagram, MemoryLan, MemoryMachine } from '../world/memory-lan.js';

/** How a machine is announced; as the hub `pronto`, if nothing else is said. */
export interface MachineOptions extends Partial<MdnsOptions> {
  readonly services?: readonly Service[];
}

/** A datagram of the scene with what it says. */
export interface Said extends Datagram {
  readonly message: Message;
}

export const HUB = hubService({ port: 5222, domain: 'pronto.local', regis: 'hub', provis: 'hub' });

/** LANs and machines whose time a test moves. Random delays are the shortest that may be. */
export class Scene {
  readonly clock = new ManualClock();
  readonly log = new CollectedLog();
  readonly lan = new MemoryLan(this.clock);

  /** The world of a machine. */
  world(machine: MemoryMachine): DiscoveryWorld {
    const random = { bytes: (count: number) => Buffer.alloc(count), id: () => 'h' };
    return { clock: this.clock, random, log: this.log, network: machine.network() };
  }

  /** A machine on the LAN. */
  machine(address: string): MemoryMachine {
    return new MemoryMachine().plug(this.lan, 'eth0', address);
  }

  /** Another LAN, to which this interface of the machine leads. */
  another(machine: MemoryMachine, name: string, ...addresses: string[]): MemoryLan {
    const lan = new MemoryLan(this.clock);
    for (const address of addresses) machine.plug(lan, name, address);
    return lan;
  }

  /** A responder for the hub on a machine. */
  responder(machine: MemoryMachine, options: MachineOptions = {}): Mdns {
    const { services = [HUB], ...rest } = options;
    const mdns = new Mdns({ name: 'pronto', ...rest }, this.world(machine));
    for (const service of services) mdns.publish(service);
    return mdns;
  }

  /** Starts a responder and lets time pass until it has announced. */
  async started(machine: MemoryMachine, options: MachineOptions = {}): Promise<Mdns> {
    const responder = this.responder(machine, options);
    void responder.start();
    await this.pass(5000);
    return responder;
  }

  /** Lets time pass in steps of 10 ms, with what happens in between. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    for (let left = ms; left > 0; left -= 10) {
      this.clock.advance(Math.min(10, left));
      await this.settle();
    }
  }

  /** Lets all happen that needs no time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  /** What was said on the LAN since `at`, by anyone or by one address. */
  said(since = 0, from?: string, lan = this.lan): Said[] {
    return lan.traffic
      .filter((datagram) => datagram.at >= since && (from === undefined || datagram.from === from))
      .map((datagram) => ({ ...datagram, message: readMessage(decodeMessage(datagram.bytes)) }));
  }

  /** A neighbour says this. */
  say(message: WireMessage, from = '10.77.0.66', port = 5353): void {
    this.lan.inject(encodeMessage(message), from, port);
  }

  /** A neighbour on this LAN says this. */
  sayOn(lan: MemoryLan, message: WireMessage, from: string, port = 5353): void {
    lan.inject(encodeMessage(message), from, port);
  }

  /** A neighbour asks; resolves with what the hub says within `wait` milliseconds. */
  async ask(message: WireMessage, { port = 5353, wait = 1500 } = {}): Promise<Said[]> {
    const since = this.clock.monotonic();
    this.say(message, '10.77.0.66', port);
    await this.pass(wait);
    return this.said(since, '10.77.0.1').filter((said) => said.message.response);
  }
}

/** A question in the codec's shape. */
export function question(name: string, type: string, unicast = false): WireMessage {
  return { type: 'query', questions: [{ name, type, class: 'IN', unicast }] };
}

/** The records of a message as short text, sorted: `A 120 flush`. */
export function kinds(records: Message['answers']): string[] {
  return records.map(({ kind, ttl, flush }) => `${kind} ${ttl}${flush ? ' flush' : ''}`).sort();
}
