import type { Finding } from '../domain/finding.js';
import { delay } from '../system/clock.js';
import type { Glance } from '../system/glance.js';
import type { Processes } from '../system/processes.js';
import { type Family, type Lan, type LanChoice, lansOf } from './mdns/interfaces.js';
import type { Question } from './mdns/packet.js';
import type { DiscoveryWorld } from './mdns/sockets.js';
import { instanceName } from './mdns/zone.js';
import { Asker } from './self-check/asker.js';
import { interfaceFindings } from './self-check/interface-findings.js';
import { NEIGHBOURS, neighbourFindings, serversIn } from './self-check/neighbour-findings.js';
import { type LanObserved, type Said, servicesIn, type WayObserved } from './self-check/observed.js';
import { ownFindings } from './self-check/own-findings.js';
import { portFindings } from './self-check/port-holders.js';

/** Milliseconds for the answers to the first questions, and to those that follow from them. */
const WAIT = { first: 1200, second: 600 };

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** The parts of the world that the check needs. */
export type SelfCheckWorld = Pick<DiscoveryWorld, 'clock' | 'network'> & {
  readonly glance: Glance;
  readonly processes: Processes;
};

/** What is checked. */
export interface SelfCheckOptions extends LanChoice {
  /** What the hub says now. */
  readonly said: () => Said;
  /** Milliseconds since the hub heard another machine on an interface, or since it listens there. */
  readonly silence?: (name: string) => number | undefined;
}

/**
 * Looks at the hub from outside, as its neighbours on the LANs do: asks for it from sockets of its own, and sees who
 * else answers. Takes about two seconds.
 */
export class SelfCheck {
  readonly #options: SelfCheckOptions;
  readonly #world: SelfCheckWorld;

  constructor(options: SelfCheckOptions, world: SelfCheckWorld) {
    this.#options = options;
    this.#world = world;
  }

  /** What was found, the LANs first. Never rejects. */
  async run(): Promise<Finding[]> {
    const all = this.#world.network.interfaces();
    const lans = lansOf(all, this.#options);
    const said = this.#options.said();
    const [observed, interfaces, ports] = await Promise.all([
      this.#observe(lans, said),
      interfaceFindings(lans, all, this.#world),
      portFindings(this.#world.glance),
    ]);
    return [
      ...observed.flatMap((lan) => [...ownFindings(lan, said), ...neighbourFindings(lan, said)]),
      ...interfaces,
      ...ports,
    ];
  }

  async #observe(lans: readonly Lan[], said: Said): Promise<LanObserved[]> {
    const own = new Set(this.#world.network.interfaces().map(({ address }) => address));
    const askers = lans.flatMap((lan) =>
      FAMILIES.filter((family) => lan.addresses.some((address) => address.family === family)).map(
        (family) => new Asker(lan, family, this.#world),
      ),
    );
    try {
      await Promise.all(askers.map((asker) => asker.start()));
      const lists = [ownQuestions(said), ...NEIGHBOURS.map((question) => [question])];
      await Promise.all(askers.map((asker) => asker.ask(...lists)));
      await delay(this.#world.clock, WAIT.first, 'doctor');
      await Promise.all(askers.map((asker) => asker.ask(...missing(asker, said, own))));
      await delay(this.#world.clock, WAIT.second, 'doctor');
    } finally {
      await Promise.all(askers.map((asker) => asker.stop()));
    }
    return lans.map((lan) => ({
      lan,
      leftOut: lan.addresses.map(({ address }) => address).filter((address) => !lan.told.includes(address)),
      ways: askers.filter((asker) => asker.lan === lan).map((asker) => observedBy(asker, own)),
      silentFor: this.#options.silence?.(lan.name),
    }));
  }
}

type Asked = Omit<Question, 'unicast'>;

/** For what only the hub can answer. */
function ownQuestions({ hostName, label, services }: Said): Asked[] {
  return [
    { name: hostName, type: 'A' },
    { name: hostName, type: 'AAAA' },
    ...services.map((service) => ({ name: instanceName(label, service), type: 'SRV' })),
  ];
}

/** What the first answers leave open: the texts of other servers, and all of it where nothing came back. */
function missing(asker: Asker, said: Said, own: ReadonlySet<string>): Asked[][] {
  const way = observedBy(asker, own);
  const texts = serversIn(asker.answers, said).map((name): Asked[] => [{ name, type: 'TXT' }]);
  if (servicesIn(way.own, said).length === 0) texts.push(ownQuestions(said));
  if (way.others.length === 0) texts.push(...NEIGHBOURS.map((question) => [question]));
  return texts;
}

function observedBy({ family, failure, answers }: Asker, own: ReadonlySet<string>): WayObserved {
  const isOwn = ({ from }: { from: string }): boolean => own.has(from.split('%', 1)[0] ?? '');
  return {
    family,
    failure,
    own: answers.filter(isOwn),
    others: answers.filter((answer) => !isOwn(answer)),
  };
}
