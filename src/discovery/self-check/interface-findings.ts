import type { Finding } from '../../domain/finding.js';
import type { Glance } from '../../system/glance.js';
import type { InterfaceAddress } from '../../system/network.js';
import type { Processes } from '../../system/processes.js';
import type { Lan } from '../mdns/interfaces.js';

/** What is known to come in the way of multicast on the machine's interfaces. */
export async function interfaceFindings(
  lans: readonly Lan[],
  all: readonly InterfaceAddress[],
  world: { readonly glance: Glance; readonly processes: Processes },
): Promise<Finding[]> {
  const each = await Promise.all(lans.map(({ name }) => ofInterface(name, world)));
  return [...(await reach(lans, all, world.glance)), ...each.flat()];
}

/** Addresses that Docker and Podman give on the bridges which they make. */
const BRIDGED = /^(172\.(1[6-9]|2\d|3[01])\.|10\.88\.)/;

/** Whether there is a LAN at all. */
async function reach(
  lans: readonly Lan[],
  all: readonly InterfaceAddress[],
  glance: Glance,
): Promise<Finding[]> {
  const own = all.filter(({ internal }) => !internal);
  if (lans.length === 0) {
    const names = [...new Set(own.map(({ name }) => name))].join(', ');
    return [
      {
        severity: 'problem',
        text:
          names === ''
            ? 'This machine has no network interface with an address.'
            : `The hub announces itself nowhere: ${names} lead into containers or tunnels, or are not in mdns.interfaces.`,
        advice:
          names === ''
            ? 'Plug the cable in, or set the Wi-Fi up.'
            : 'Name the interface of your LAN in mdns.interfaces.',
      },
    ];
  }
  const marks = await Promise.all(['/.dockerenv', '/run/.containerenv'].map((path) => glance.mode(path)));
  const isContained = marks.some((mark) => mark !== undefined);
  const fours = own.filter(({ family }) => family === 'IPv4');
  if (!isContained || fours.length === 0 || !fours.every(({ address }) => BRIDGED.test(address))) return [];
  return [
    {
      severity: 'warning',
      text: "The hub runs in a container, with an address of a container's own network: multicast from your LAN hardly reaches it.",
      advice: 'Run the container with the network of the host (docker run --network host), or on a macvlan.',
    },
  ];
}

async function ofInterface(
  name: string,
  { glance, processes }: { readonly glance: Glance; readonly processes: Processes },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  if ((await glance.text(`/proc/net/vlan/${name}`)) !== undefined)
    findings.push({
      severity: 'ok',
      text: `${name} is a VLAN: mDNS ends at its border.`,
      advice: 'For things in other VLANs: hearth dhcp-snippet, or docs/network.md.',
    });
  const folder = `/sys/class/net/${name}`;
  const isWireless = (await glance.names(folder)).some(
    (entry) => entry === 'wireless' || entry === 'phy80211',
  );
  if (isWireless) findings.push(...(await powerSave(name, processes)));
  return findings;
}

/** A Wi-Fi card that sleeps misses multicast. */
async function powerSave(name: string, processes: Processes): Promise<Finding[]> {
  let said: string | undefined;
  const iw = processes.start('iw', ['dev', name, 'get', 'power_save'], (line) => {
    said = /^Power save: (on|off)$/.exec(line.trim())?.[1] ?? said;
  });
  const { isMissing } = await iw.ended;
  if (said === 'off') return [{ severity: 'ok', text: `${name} is Wi-Fi, and its power saving is off.` }];
  const unknown = isMissing ? 'the program iw, which tells, is not installed' : 'iw does not tell';
  return [
    {
      severity: 'warning',
      text:
        said === 'on'
          ? `${name} is Wi-Fi with power saving: it misses multicast while it sleeps.`
          : `${name} is Wi-Fi, and whether it saves power cannot be seen (${unknown}).`,
      advice: `Switch it off: iw dev ${name} set power_save off; docs/network.md says how it stays off.`,
    },
  ];
}
