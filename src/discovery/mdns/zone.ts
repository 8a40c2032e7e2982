import type { Lan } from './interfaces.js';
import { foldName, nameOf, sameName } from './names.js';
import {
  absenceRecord,
  addressRecord,
  identityOf,
  pointerRecord,
  type ResourceRecord,
  serviceRecord,
  textRecord,
} from './records.js';

/** The domain of mDNS names. RFC 6762 §3 */
export const LOCAL = 'local';
const ENUMERATION = nameOf('_services', '_dns-sd', '_udp', LOCAL);

/** A service to be found. */
export interface Service {
  /** Application protocol and transport, as `_xmpp-client._tcp`. */
  readonly type: string;
  /** TCP port. */
  readonly port: number;
  /** TXT pairs in order; `txtvers` first where the service's specification has it. */
  readonly txt: readonly (readonly [key: string, value: string])[];
  /** Set for services whose instance is `user@machine` [0174 3]; else the instance is the machine. */
  readonly user?: string;
}

/** What the hub says of itself on one link. */
export interface Zone {
  /** The host's name, `<label>.local`. */
  readonly host: string;
  /** Records of names that only we may have, to be probed: SRV, TXT, A, AAAA. */
  readonly unique: readonly ResourceRecord[];
  /** PTR records of our services, which stand beside those of others. */
  readonly shared: readonly ResourceRecord[];
  /** PTR records that name the service types of the LAN; never taken back, for others offer them too. */
  readonly types: readonly ResourceRecord[];
  /** NSEC records: which types our unique names have. */
  readonly absences: readonly ResourceRecord[];
}

/** A zone in which nothing is said. */
export const NOTHING: Zone = { host: '', unique: [], shared: [], types: [], absences: [] };

/** The label of a service's instance, unescaped: the machine's, or `user@machine`. */
export function instanceLabel(label: string, { user }: Pick<Service, 'user'>): string {
  return user === undefined ? label : `${user.normalize('NFC')}@${label}`;
}

/** The full name of a service's instance. */
export function instanceName(label: string, service: Pick<Service, 'type' | 'user'>): string {
  return nameOf(instanceLabel(label, service), ...service.type.split('.'), LOCAL);
}

/**
 * What a machine of this label with these services says on a link: its addresses there, and no others; nothing
 * without services, for then nobody needs the machine's name.
 */
export function zoneOf(label: string, services: readonly Service[], lan: Pick<Lan, 'told'>): Zone {
  if (services.length === 0) return NOTHING;
  const host = nameOf(label, LOCAL);
  const addresses = lan.told.map((address) => addressRecord(host, address));
  const kinds = [...new Set(addresses.map(({ kind }) => kind))];
  const unique: ResourceRecord[] = [];
  const shared: ResourceRecord[] = [];
  const types = new Map<string, ResourceRecord>();
  const absences = [absenceRecord(host, kinds)];
  for (const service of services) {
    const type = nameOf(...service.type.split('.'), LOCAL);
    const instance = instanceName(label, service);
    shared.push(pointerRecord(type, instance));
    unique.push(serviceRecord(instance, host, service.port), textRecord(instance, service.txt));
    types.set(type, pointerRecord(ENUMERATION, type));
    absences.push(absenceRecord(instance, ['TXT', 'SRV']));
  }
  return { host, unique: [...unique, ...addresses], shared, types: [...types.values()], absences };
}

/** All records to announce, those that belong together beside each other. */
export function announced(zone: Zone): ResourceRecord[] {
  return [...zone.shared, ...zone.unique, ...zone.absences, ...zone.types];
}

/**
 * Whether a record of the zone `now` is news to those who heard `before`: it is new itself, or another one of its name
 * and type is and would flush it.
 */
export function isSaidAnew(record: ResourceRecord, before: Zone, now: Zone): boolean {
  const setOf = (zone: Zone): string[] => {
    const isSibling = ({ name, kind }: ResourceRecord): boolean =>
      kind === record.kind && foldName(name) === foldName(record.name);
    return announced(zone).filter(isSibling).map(identityOf);
  };
  const said = setOf(before);
  if (!record.flush) return !said.includes(identityOf(record));
  return setOf(now).sort().join() !== said.sort().join();
}

/** The records that answer a question: an absence if the name is ours and the type is not there. RFC 6762 §6.1 */
export function answersTo(zone: Zone, question: { name: string; type: string }): ResourceRecord[] {
  const fits = (record: ResourceRecord): boolean =>
    sameName(record.name, question.name) && (question.type === 'ANY' || question.type === record.kind);
  const found = [...zone.shared, ...zone.unique, ...zone.types].filter(fits);
  if (found.length > 0) return found;
  return zone.absences.filter(({ name }) => sameName(name, question.name));
}

/**
 * What an asker needs next beside these answers: a pointer brings its service, a service its addresses, and
 * with them which types there are not. RFC 6763 §12
 */
export function additionalsTo(zone: Zone, answers: readonly ResourceRecord[]): ResourceRecord[] {
  const wanted = new Set<ResourceRecord>();
  const add = (name: string): void => {
    for (const record of [...zone.unique, ...zone.absences]) {
      if (!sameName(record.name, name) || wanted.has(record)) continue;
      wanted.add(record);
      if (record.data.type === 'SRV') add(record.data.service.target);
    }
  };
  for (const { name, data } of answers) {
    if (data.type === 'PTR') add(data.target);
    if (data.type === 'SRV') add(data.service.target);
    if (data.type === 'A' || data.type === 'AAAA') add(name);
  }
  const order = (record: ResourceRecord): number => (record.kind === 'NSEC' ? 1 : 0);
  return [...wanted].filter((record) => !answers.includes(record)).sort((a, b) => order(a) - order(b));
}
