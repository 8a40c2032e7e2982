import type { BrowserChange } from '../../src/discovery/browser.js';
import { encodeMessage, type WireMessage, type WireRecord } from '../../src/discovery/mdns/codec.js';
import { LanBrowser } from '../../src/discovery/mdns/lan-browser.js';
import { nameOf } from '../../src/discovery/mdns/names.js';
import { Sockets } from '../../src/discovery/mdns/sockets.js';
import type { MemoryLan, MemoryMachine } from '../world/memory-lan.js';
import type { Said, Scene } from './scene.js';

export const PRESENCE = '_presence._tcp.local';

/** What a neighbour announces. */
export interface Announced {
  readonly port?: number;
  readonly host?: string;
  readonly address?: string;
  readonly txt?: readonly string[];
  /** Seconds that pointer and text live. */
  readonly ttl?: number;
  /** Seconds that service and addresses live. */
  readonly hostTtl?: number;
}

/** The four records of an instance, in the codec's shape: pointer, service, text, address. */
export function records(
  instance: string,
  what: Announced = {},
): [WireRecord, WireRecord, WireRecord, WireRecord] {
  const { port = 5298, host = 'mac.local', address = '10.77.0.66', txt = ['txtvers=1'] } = what;
  const { ttl = 4500, hostTtl = 120 } = what;
  const name = nameOf(instance, '_presence', '_tcp', 'local');
  const one = { class: 'IN', flush: true };
  return [
    { name: PRESENCE, type: 'PTR', class: 'IN', ttl, data: name },
    { ...one, name, type: 'SRV', ttl: hostTtl, data: { priority: 0, weight: 0, port, target: host } },
    { ...one, name, type: 'TXT', ttl, data: txt.map((text) => Buffer.from(text)) },
    { ...one, name: host, type: address.includes(':') ? 'AAAA' : 'A', ttl: hostTtl, data: address },
  ];
}

/** A response with these records. */
export function response(...answers: WireRecord[]): WireMessage {
  return { type: 'response', answers };
}

/** The records taken back. */
export function goodbye(...answers: WireRecord[]): WireMessage {
  return response(...answers.map((record) => ({ ...record, ttl: 0 })));
}

/** A neighbour on this LAN says it. */
export function sayOn(lan: MemoryLan, message: WireMessage, from: string): void {
  lan.inject(encodeMessage(message), from);
}

/** A machine that browses for presences, and what it was told. */
export class Browsing {
  readonly changes: BrowserChange[] = [];
  readonly sockets: Sockets;
  readonly browser: LanBrowser;
  readonly scene: Scene;

  constructor(scene: Scene, machine: MemoryMachine, unicast = false) {
    this.scene = scene;
    this.sockets = new Sockets({ unicast }, scene.world(machine));
    this.browser = new LanBrowser('_presence._tcp', this.sockets, scene.world(machine));
    this.browser.onChange((change) => this.changes.push(change));
  }

  /** A machine that browses and has asked once. */
  static async started(
    scene: Scene,
    machine = scene.machine('10.77.0.2'),
    unicast = false,
  ): Promise<Browsing> {
    const browsing = new Browsing(scene, machine, unicast);
    browsing.browser.start();
    await browsing.sockets.start();
    await scene.pass(100);
    return browsing;
  }

  /** What was told so far, as `up peter`, and forgets it. */
  told(): string[] {
    return this.changes.splice(0).map(({ kind, found }) => `${kind} ${found.instance}`);
  }

  /** The instances' labels, sorted. */
  known(): string[] {
    return this.browser
      .all()
      .map(({ instance }) => instance)
      .sort();
  }

  /** What the machine asked since `at`. */
  asked(since = 0, from = '10.77.0.2'): Said[] {
    return this.scene.said(since, from).filter(({ message }) => !message.response);
  }

  /** The questions since `at`, as `PTR _presence._tcp.local`. */
  questions(since = 0): string[] {
    const all = this.asked(since).flatMap(({ message }) => message.questions);
    return all.map(({ type, name }) => `${type} ${name}`);
  }

  async stop(): Promise<void> {
    this.browser.stop();
    await this.sockets.stop();
  }
}

/** Lets much time pass, in steps of half a second. */
export async function leap(scene: Scene, seconds: number): Promise<void> {
  for (let step = 0; step < seconds * 2; step++) {
    scene.clock.advance(500);
    await scene.settle();
  }
}
