import type { InterfaceAddress } from '../../system/network.js';

/** Names of interfaces that lead into containers, tunnels or to one peer only. */
const NOT_A_LAN =
  /^(docker|veth|br-|virbr|vmnet|vnet|tun|tap|wg|ppp|tailscale|zt|cni|flannel|cali|lxc|lxd|podman|nebula)/;

/** An IPv4 address on a LAN, with all addresses of its interface. */
export interface LanAddress {
  /** Tells one from another: interface and address. */
  readonly key: string;
  readonly name: string;
  readonly address: string;
  readonly netmask: string;
  /** What may be told to others on this LAN: IPv4, fe80 and unique local IPv6 addresses of the interface. */
  readonly told: readonly string[];
}

/**
 * The LANs the machine is on: one entry per IPv4 address. `wanted` names interfaces; without it all are taken
 * but loopback, container and point-to-point ones.
 */
export function lanAddresses(all: readonly InterfaceAddress[], wanted?: readonly string[]): LanAddress[] {
  const lans: LanAddress[] = [];
  for (const { name, address, netmask, family, internal } of all) {
    if (family !== 'IPv4' || internal || netmask === '255.255.255.255') continue;
    if (wanted === undefined ? NOT_A_LAN.test(name) : !wanted.includes(name)) continue;
    const told = all.filter((other) => other.name === name && mayBeTold(other)).map((other) => other.address);
    lans.push({ key: `${name} ${address}`, name, address, netmask, told });
  }
  return lans;
}

/** Global IPv6 addresses stay untold: their prefix changes behind everyone's back. */
function mayBeTold({ address, family }: InterfaceAddress): boolean {
  return family === 'IPv4' || isLinkLocal6(address) || isUniqueLocal6(address);
}

/** Whether an IPv6 address is link-local (fe80::/10). */
export function isLinkLocal6(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}

/** Whether an IPv6 address is unique local (fc00::/7). */
export function isUniqueLocal6(address: string): boolean {
  return /^f[cd][0-9a-f]{2}:/i.test(address);
}

/** Whether an IPv4 address lies in the LAN's subnet. */
export function isOnLan(address: string, lan: Pick<LanAddress, 'address' | 'netmask'>): boolean {
  const mask = toNumber(lan.netmask);
  const a = toNumber(address);
  const b = toNumber(lan.address);
  return mask !== undefined && a !== undefined && b !== undefined && (a & mask) === (b & mask);
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8) | Number(part);
  }
  return value;
}
