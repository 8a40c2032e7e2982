import type { Finding } from '../../domain/finding.js';
import { XMPP_CLIENT } from '../hub-service.js';
import { readText } from '../mdns/found.js';
import { labelsOf, nameOf, sameName } from '../mdns/names.js';
import type { Question } from '../mdns/packet.js';
import { instanceName, LOCAL } from '../mdns/zone.js';
import type { Answer } from './asker.js';
import { type LanObserved, recordsOf, type Said, sorted } from './observed.js';

/** Milliseconds without a word from any other machine after which something is likely to be wrong. */
const QUIET = 600_000;
const MINUTE = 60_000;
/** Neighbours that are listed. */
const LISTED = 8;

/** What is asked of all: the kinds of services there are, servers and presences. RFC 6763 §9 */
export const NEIGHBOURS: readonly Omit<Question, 'unicast'>[] = [
  { name: nameOf('_services', '_dns-sd', '_udp', LOCAL), type: 'PTR' },
  { name: nameOf(...XMPP_CLIENT.split('.'), LOCAL), type: 'PTR' },
  { name: nameOf('_presence', '_tcp', LOCAL), type: 'PTR' },
];

/** Who else there is on a LAN. */
export function neighbourFindings(observed: LanObserved, said: Said): Finding[] {
  const answers = observed.ways.flatMap(({ others }) => others);
  return [
    ...company(observed, answers),
    ...hubs(observed, answers, said),
    ...rivals(observed, answers, said),
  ];
}

function company({ lan, silentFor }: LanObserved, answers: readonly Answer[]): Finding[] {
  const kinds = new Map<string, Set<string>>();
  for (const { from, records } of answers) {
    const of = kinds.get(from) ?? new Set();
    for (const { name, data } of records) {
      if (data.type === 'PTR' && sameName(name, NEIGHBOURS[0]?.name ?? '')) of.add(data.target);
    }
    kinds.set(from, of);
  }
  if (kinds.size > 0) {
    const from = sorted([...kinds.keys()]);
    const list = from
      .slice(0, LISTED)
      .map((address) => `${address} (${count(kinds.get(address)?.size ?? 0)})`);
    const more = from.length > LISTED ? `, and ${from.length - LISTED} more` : '';
    return [{ severity: 'ok', text: `${lan.name}: other addresses that answer: ${list.join(', ')}${more}.` }];
  }
  if (silentFor === undefined || silentFor < QUIET) {
    return [
      {
        severity: 'ok',
        text: `${lan.name}: nobody else answered.`,
        advice: `If there are other devices that speak mDNS on ${lan.name} (a printer, a phone, a television), run hearth doctor again in ten minutes, and see docs/network.md.`,
      },
    ];
  }
  return [
    {
      severity: 'warning',
      text: `${lan.name}: no multicast from any other machine in ${Math.floor(silentFor / MINUTE)} minutes.`,
      advice:
        'If there are other devices, look in the router and its access points for "IGMP snooping", "multicast filter", "AP isolation" and "client isolation", and switch them off.',
    },
  ];
}

function count(kinds: number): string {
  return kinds === 1 ? '1 kind of service' : `${kinds} kinds of services`;
}

/** The names of other servers on a LAN that these answers point to, but ours. */
export function serversIn(answers: readonly Answer[], said: Pick<Said, 'label'>): string[] {
  const own = instanceName(said.label, { type: XMPP_CLIENT });
  const names = recordsOf(answers).flatMap(({ name, data }) =>
    data.type === 'PTR' && sameName(name, NEIGHBOURS[1]?.name ?? '') && !sameName(data.target, own)
      ? [data.target]
      : [],
  );
  return [...new Set(names)].slice(0, LISTED);
}

/** A server whose text names a registry is a hub [0347 3.3.2]. */
function hubs({ lan }: LanObserved, answers: readonly Answer[], said: Said): Finding[] {
  return serversIn(answers, said).flatMap((name): Finding[] => {
    for (const { from, records } of answers) {
      for (const record of records) {
        if (record.data.type !== 'TXT' || !sameName(record.name, name)) continue;
        const txt = readText(record.data.strings);
        const domain = txt.get('ordom');
        if (domain === undefined || !txt.has('regis')) continue;
        const [label = name] = labelsOf(name);
        return [hub(`${lan.name}: there is another hub, ${label}, at ${from}`, domain, said)];
      }
    }
    return [];
  });
}

/** Two hubs of one domain are a mistake that nobody else tells: programs take the one for the other. */
function hub(text: string, domain: string, said: Said): Finding {
  const [, own] = said.services.flatMap(({ txt = [] }) => txt).find(([key]) => key === 'ordom') ?? [];
  if (own !== undefined && sameName(domain, own))
    return {
      severity: 'warning',
      text: `${text}, of the same domain as this one, ${domain}.`,
      advice:
        'Programs take the one for the other. Set name and domain of the newer one and let it begin with an empty data folder: see docs/network.md, "Several hubs".',
    };
  return {
    severity: 'ok',
    text: `${text}; its domain is ${domain}.`,
    advice: 'Things register with the hub that they find first: see docs/network.md, "Several hubs".',
  };
}

/** Others that say something of a name that only the hub has. */
function rivals({ lan }: LanObserved, answers: readonly Answer[], said: Said): Finding[] {
  const ours = [said.hostName, ...said.services.map((service) => instanceName(said.label, service))];
  const isOurs = (name: string): boolean => ours.some((our) => sameName(our, name));
  const from = answers
    .filter(({ records }) => records.some(({ name, kind }) => isOurs(name) && kind !== 'NSEC'))
    .map(({ from }) => from);
  return sorted(from).map((address) => ({
    severity: 'problem',
    text: `${lan.name}: ${address} answers for ${said.hostName} too, the name of this hub.`,
    advice:
      'Give one of the two machines another name, and switch a reflector off that repeats what this hub says (Avahi: enable-reflector).',
  }));
}
