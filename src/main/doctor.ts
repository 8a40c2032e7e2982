import type { Config } from '../config/schema.js';
import { isLinkLocal6, type LanChoice, lansOf } from '../discovery/mdns/interfaces.js';
import { SelfCheck } from '../discovery/self-check.js';
import type { Finding } from '../domain/finding.js';
import type { Glance } from '../system/glance.js';
import type { World } from '../system/world.js';
import type { Announcement } from './announcement.js';
import { dataFindings, portsFindings, type ToldPort } from './machine-findings.js';

/** The parts of the hub that are looked at. */
export interface DoctorParts {
  readonly config: Config;
  readonly announcement: Announcement;
  /** What is damaged. */
  readonly damage: () => string | undefined;
  /** Milliseconds since 1970; `undefined` where the clock cannot be right. */
  readonly time: () => number | undefined;
}

/** What it looks at. */
export type DoctorWorld = Pick<World, 'clock' | 'network' | 'processes'> & { readonly glance: Glance };

/** Finds what keeps the hub from being found, reached, or written down. Takes two to three seconds; never rejects. */
export class Doctor {
  readonly #parts: DoctorParts;
  readonly #world: DoctorWorld;
  #running: Promise<readonly Finding[]> | undefined;

  constructor(parts: DoctorParts, world: DoctorWorld) {
    this.#parts = parts;
    this.#world = world;
  }

  /** What was found, in the order in which an owner should read it. Who asks meanwhile gets the same answer. */
  run(): Promise<readonly Finding[]> {
    this.#running ??= this.#look().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #look(): Promise<readonly Finding[]> {
    const { config } = this.#parts;
    const [network, ports, data] = await Promise.all([
      config.mdns.enabled ? this.#network() : [SILENT],
      this.#ports(),
      dataFindings(config.data, this.#world.glance),
    ]);
    return [...this.#state(), ...network, ...ports, ...data];
  }

  /** What the hub knows without looking. */
  #state(): Finding[] {
    const { damage, time, announcement } = this.#parts;
    const damaged = damage();
    const findings: Finding[] = announcement.warnings().map((text) => ({ severity: 'warning', text }));
    if (damaged !== undefined)
      findings.unshift({ severity: 'problem', text: damaged, advice: 'See: hearth status' });
    if (time() === undefined)
      findings.push({
        severity: 'warning',
        text: "The machine's clock is not set: rules that hold at certain times do not hold until it is.",
        advice: 'Let it ask a time server (timedatectl set-ntp true), or set it by hand.',
      });
    return findings;
  }

  #network(): Promise<Finding[]> {
    const { announcement } = this.#parts;
    const said = () => {
      const { hostName, label, services } = announcement;
      return { hostName, label, services };
    };
    const silence = (name: string): number | undefined => announcement.silence(name);
    return new SelfCheck({ ...this.#choice(), said, silence }, this.#world).run();
  }

  /** Link-local addresses are left out: who connects to his own needs no network for it. */
  #ports(): Promise<Finding[]> {
    const told = lansOf(this.#world.network.interfaces(), this.#choice()).flatMap((lan) => lan.told);
    const ports = this.#parts.announcement.services.map(
      ({ type, port }): ToldPort => ({ what: `${type} (port ${port})`, port }),
    );
    return portsFindings(
      ports,
      told.filter((address) => !isLinkLocal6(address)),
      this.#world,
    );
  }

  #choice(): LanChoice {
    const { interfaces, globalAddresses } = this.#parts.config.mdns;
    return { interfaces: interfaces.length === 0 ? undefined : interfaces, globalAddresses };
  }
}

const SILENT: Finding = {
  severity: 'warning',
  text: 'The hub is not announced: mdns.enabled is false.',
  advice:
    'Things find it by its address or by DHCP only: hearth dhcp-snippet. Set mdns.enabled to true otherwise.',
};
