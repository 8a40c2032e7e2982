import type dgram from 'node:dgram';
import { type Family, isNeighbour, type Lan } from '../mdns/interfaces.js';
import { type Question, queryMessage } from '../mdns/packet.js';
import { GROUPS, interfaceOf, PORT } from '../mdns/path.js';
import type { ResourceRecord } from '../mdns/records.js';
import type { DiscoveryWorld } from '../mdns/sockets.js';
import { Wire } from '../mdns/wire.js';

/** What somebody answered. */
export interface Answer {
  /** The address that it came from; IPv6 with its zone where it is link-local. */
  readonly from: string;
  readonly records: readonly ResourceRecord[];
}

/** Answers that are kept at most: whoever sends more is not worth the memory. */
const MOST = 500;

/** A socket apart from those of the hub, which asks the group on one LAN by one family: others see no mDNS speaker. */
export class Asker {
  readonly lan: Lan;
  readonly family: Family;
  readonly #world: Pick<DiscoveryWorld, 'network'>;
  readonly #answers: Answer[] = [];
  #wire: Wire | undefined;
  #failure: string | undefined;
  #unsent: string | undefined;

  constructor(lan: Lan, family: Family, world: Pick<DiscoveryWorld, 'network'>) {
    this.lan = lan;
    this.family = family;
    this.#world = world;
  }

  /** What came back so far. */
  get answers(): readonly Answer[] {
    return this.#answers;
  }

  /** Why nothing could be asked: the system's words. */
  get failure(): string | undefined {
    return this.#failure ?? this.#unsent;
  }

  /** Opens the socket, on any free port. Never rejects. */
  async start(): Promise<void> {
    const six = this.family === 'IPv6';
    const { address = '' } = this.lan.addresses.find(({ family }) => family === this.family) ?? {};
    const socket = this.#world.network.datagram(six ? { type: 'udp6', ipv6Only: true } : { type: 'udp4' });
    this.#wire = new Wire(socket, {
      objection: (from, response) => (this.#isAnswer(from, response) ? undefined : 'not asked for'),
      message: ({ answers, additionals }, { address: from }) => {
        if (this.#answers.length < MOST) this.#answers.push({ from, records: [...answers, ...additionals] });
      },
      refused: () => undefined,
      error: (error) => this.#fail(error),
    });
    this.#wire.open(true);
    await this.#bind(socket, six ? '::' : address);
    try {
      if (this.#failure === undefined)
        socket.setMulticastInterface(interfaceOf({ name: this.lan.name, family: this.family, address }));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Asks all neighbours on the LAN, one packet for each list: some answer the first question of a packet only. */
  async ask(...lists: readonly (readonly Omit<Question, 'unicast'>[])[]): Promise<void> {
    if (this.#failure !== undefined) return;
    const group = { address: GROUPS[this.family], port: PORT };
    for (const [id, questions] of lists.entries()) {
      const message = queryMessage(questions.map((question) => ({ ...question, unicast: false })));
      try {
        await this.#wire?.send({ ...message, id: id + 1 }, group);
        this.#unsent = undefined;
      } catch (error) {
        // The next question may leave: a fresh IPv6 address cannot be used for a second. RFC 4862 §5.4
        this.#unsent = String(error);
        return;
      }
    }
  }

  /** Closes the socket. */
  async stop(): Promise<void> {
    await this.#wire?.close();
    this.#wire = undefined;
  }

  /** RFC 6762 §6.7, §11 */
  #isAnswer(from: { address: string; port: number }, response: boolean): boolean {
    return response && from.port === PORT && isNeighbour(from.address, this.lan);
  }

  #bind(socket: dgram.Socket, address: string): Promise<void> {
    return new Promise((resolve) => {
      socket.once('error', () => resolve());
      socket.bind({ port: 0, address, exclusive: true }, () => resolve());
    });
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error.message : String(error);
  }
}
