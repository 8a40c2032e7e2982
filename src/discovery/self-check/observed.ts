import type { Family, Lan } from '../mdns/interfaces.js';
import { sameName } from '../mdns/names.js';
import type { ResourceRecord } from '../mdns/records.js';
import { instanceName, type Service } from '../mdns/zone.js';
import type { Answer } from './asker.js';

/** What the hub says by mDNS, if all is well. */
export interface Said {
  /** As `pronto.local`. */
  readonly hostName: string;
  /** The machine's label in the names of services. */
  readonly label: string;
  readonly services: readonly (Pick<Service, 'type' | 'user' | 'port'> & Partial<Pick<Service, 'txt'>>)[];
}

/** What came back on one LAN by one family. */
export interface WayObserved {
  readonly family: Family;
  /** Why nothing could be asked there. */
  readonly failure?: string | undefined;
  /** Of this machine, and of others. */
  readonly own: readonly Answer[];
  readonly others: readonly Answer[];
}

/** What came back on one LAN. */
export interface LanObserved {
  readonly lan: Lan;
  /** Addresses of the machine there that others are not told. */
  readonly leftOut: readonly string[];
  readonly ways: readonly WayObserved[];
  /** Milliseconds since the hub itself heard another machine there; `undefined` if it does not listen. */
  readonly silentFor?: number | undefined;
}

/** All records of these answers. */
export function recordsOf(answers: readonly Answer[]): ResourceRecord[] {
  return answers.flatMap(({ records }) => records);
}

/** Which of the hub's services stand in these answers, with the port that the hub says. */
export function servicesIn(answers: readonly Answer[], said: Said): Said['services'] {
  const records = recordsOf(answers);
  return said.services.filter((service) => {
    const name = instanceName(said.label, service);
    return records.some(
      (record) =>
        sameName(record.name, name) &&
        record.data.type === 'SRV' &&
        record.data.service.port === service.port,
    );
  });
}

/** The addresses that these answers tell of a host. */
export function addressesIn(answers: readonly Answer[], hostName: string): string[] {
  const addresses = recordsOf(answers).flatMap(({ name, data }) =>
    (data.type === 'A' || data.type === 'AAAA') && sameName(name, hostName) ? [data.address] : [],
  );
  return [...new Set(addresses)];
}

/** Each once, the IPv4 ones first. */
export function sorted(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
}
