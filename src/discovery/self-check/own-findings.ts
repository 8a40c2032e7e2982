import type { Finding } from '../../domain/finding.js';
import { instanceLabel } from '../mdns/zone.js';
import {
  addressesIn,
  type LanObserved,
  type Said,
  servicesIn,
  sorted,
  type WayObserved,
} from './observed.js';

/** Whether the hub's own words come back on a LAN, and what others are told there. */
export function ownFindings(observed: LanObserved, said: Said): Finding[] {
  if (said.services.length === 0) return [];
  const heard = observed.ways.filter((way) => isHeard(way, said));
  const deaf = observed.ways.filter((way) => !heard.includes(way));
  return [
    ...(heard.length > 0 ? [told(observed, heard, said)] : []),
    ...deaf.map((way) => silence(observed, way, heard.length > 0)),
    ...(observed.leftOut.length > 0 ? [leftOut(observed)] : []),
  ];
}

function isHeard({ own }: WayObserved, said: Said): boolean {
  return servicesIn(own, said).length > 0;
}

/** What a machine beside the hub finds. */
function told({ lan }: LanObserved, heard: readonly WayObserved[], said: Said): Finding {
  const answers = heard.flatMap(({ own }) => own);
  const found = servicesIn(answers, said);
  const names = found.map(
    (service) => `${instanceLabel(said.label, service)} (${service.type}, port ${service.port})`,
  );
  const addresses = sorted(addressesIn(answers, said.hostName));
  const ways = heard.map(({ family }) => family).join(' and ');
  const what = `${lan.name}: by ${ways} others find ${names.join(' and ')} on ${said.hostName}`;
  const missing = said.services.filter((service) => !found.includes(service));
  if (addresses.length === 0)
    return {
      severity: 'problem',
      text: `${what}, but no address of it.`,
      advice: `Give ${lan.name} an address, by DHCP or by hand.`,
    };
  const text = `${what}, which is at ${addresses.join(', ')}.`;
  if (missing.length === 0) return { severity: 'ok', text };
  const lost = missing.map(({ type }) => type).join(', ');
  return {
    severity: 'problem',
    text: `${text} Nothing is told of ${lost}.`,
    advice: 'Look into the log for a conflict of names, and run hearth doctor again in a minute.',
  };
}

function silence({ lan }: LanObserved, { family, failure }: WayObserved, isHeardElsewise: boolean): Finding {
  const text =
    failure === undefined
      ? `${lan.name}: a question by ${family} multicast did not come back with the hub's answer.`
      : `${lan.name}: nothing can be sent by ${family} multicast (${failure}).`;
  const advice =
    failure === undefined
      ? `Let UDP port 5353 through the firewall of this machine (ufw: ufw allow 5353/udp).`
      : `Look at the interface: ip address show dev ${lan.name}`;
  return { severity: isHeardElsewise ? 'warning' : 'problem', text, advice };
}

function leftOut({ lan, leftOut }: LanObserved): Finding {
  return {
    severity: 'ok',
    text:
      `${lan.name}: others are not told ${sorted(leftOut).join(', ')}: global IPv6 addresses change with the ` +
      'prefix of the provider, behind the back of things that keep them.',
    advice: 'Where yours never change, set mdns.globalAddresses to true.',
  };
}
