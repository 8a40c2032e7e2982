import type { InterfaceAddress } from '../../system/network.js';

/** Names of interfaces that lead into containers, tunnels or to one peer only. */
const NOT_A_LAN =
  /^(docker|veth|br-[0-9a-f]{12}$|virbr|vmnet|vnet|tun|tap|wg|ppp|tailscale|zt|cni|flannel|cali|lxc|lxd|podman|nebula)/;

/** Netmasks of interfaces that lead to one peer only. */
const POINTS: readonly string[] = ['255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'];

/** IPv4 and IPv6 are two ways to the same neighbours. */
export type Family = InterfaceAddress['family'];

/** An address of the machine on a LAN, and the mask of its subnet. */
export type LanAddress = Pick<InterfaceAddress, 'address' | 'netmask' | 'family'>;

/** A LAN the machine is on: one of its interfaces. */
export interface Lan {
  /** The interface's name: the zone of link-local addresses there. */
  readonly name: string;
  /** The machine's addresses there, IPv4 first; never empty. */
  readonly addresses: readonly LanAddress[];
  /** What may be told to others on this LAN: IPv4, fe80 and unique local IPv6 addresses, global ones by choice. */
  readonly told: readonly string[];
}

/** Which LANs are used, and what they hear. */
export interface LanChoice {
  /** Only these interfaces; all but loopback, container and point-to-point ones if not given. */
  readonly interfaces?: readonly string[] | undefined;
  /** Tell global IPv6 addresses too; not, if not given: their prefix changes behind everyone's back. */
  readonly globalAddresses?: boolean | undefined;
}

/** The LANs the machine is on, one for each interface. */
export function lansOf(all: readonly InterfaceAddress[], choice: LanChoice = {}): Lan[] {
  const { interfaces, globalAddresses = false } = choice;
  const isWanted = ({ name, internal }: InterfaceAddress): boolean => {
    if (internal) return false;
    if (interfaces !== undefined) return interfaces.includes(name);
    return !NOT_A_LAN.test(name) && !isPoint(all.filter((entry) => entry.name === name));
  };
  const wanted = all.filter(isWanted);
  return [...new Set(wanted.map(({ name }) => name))].map((name) => {
    const here = wanted.filter((entry) => entry.name === name);
    const addresses = [...ofFamily(here, 'IPv4'), ...ofFamily(here, 'IPv6')];
    const told = addresses.map(({ address }) => address).filter((a) => globalAddresses || isLocal(a));
    return { name, addresses, told };
  });
}

/** Whether one peer is all there is. A LAN may give single IPv6 addresses too (DHCPv6): IPv4 tells, if it is there. */
function isPoint(entries: readonly InterfaceAddress[]): boolean {
  const four = entries.filter(({ family }) => family === 'IPv4');
  return (four.length > 0 ? four : entries).every(({ netmask }) => POINTS.includes(netmask));
}

function ofFamily(all: readonly InterfaceAddress[], family: Family): LanAddress[] {
  return all
    .filter((entry) => entry.family === family)
    .map(({ address, netmask }) => ({ address, netmask, family }));
}

function isLocal(address: string): boolean {
  return !address.includes(':') || isLinkLocal6(address) || isUniqueLocal6(address);
}

/** Whether an IPv6 address is link-local (fe80::/10). */
export function isLinkLocal6(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address);
}

/** Whether an IPv6 address is unique local (fc00::/7). */
export function isUniqueLocal6(address: string): boolean {
  return /^f[cd][0-9a-f]{2}:/i.test(address);
}

/** Whether an IPv4 address lies in a subnet of the LAN. */
export function isOnLan(address: string, lan: Pick<Lan, 'addresses'>): boolean {
  return !address.includes(':') && isInSubnet(address, lan);
}

/**
 * Whether a datagram from this address came from a neighbour on the LAN: from one of its subnets, or by a link-local
 * IPv6 address with its zone. RFC 6762 §11
 */
export function isNeighbour(address: string, lan: Lan): boolean {
  const [bare = '', zone] = address.split('%', 2);
  if (isLinkLocal6(bare)) return zone === lan.name;
  return isInSubnet(bare, lan);
}

/** Whether an address of either family lies in a subnet of the LAN. */
export function isInSubnet(address: string, lan: Pick<Lan, 'addresses'>): boolean {
  const bytes = bytesOf(address);
  return bytes !== undefined && lan.addresses.some((own) => isSameSubnet(bytes, own));
}

/** Whether the bytes of an address lie in the subnet of an address of ours. */
function isSameSubnet(bytes: readonly number[], own: LanAddress): boolean {
  const base = bytesOf(own.address);
  const mask = bytesOf(own.netmask);
  if (base?.length !== bytes.length || mask?.length !== bytes.length) return false;
  return bytes.every((byte, i) => (byte & (mask[i] ?? 0)) === ((base[i] ?? 0) & (mask[i] ?? 0)));
}

/** The address of ours in whose subnet a neighbour's address lies. */
export function addressFacing(address: string, lan: Lan): LanAddress | undefined {
  const [bare = ''] = address.split('%', 1);
  const bytes = bytesOf(bare);
  return bytes && lan.addresses.find((own) => isSameSubnet(bytes, own));
}

/** The 4 or 16 bytes of an address without zone. */
function bytesOf(address: string): number[] | undefined {
  return address.includes(':') ? bytesOf6(address) : bytesOf4(address);
}

function bytesOf4(address: string): number[] | undefined {
  const parts = address.split('.');
  const fine = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return fine ? parts.map(Number) : undefined;
}

function bytesOf6(address: string): number[] | undefined {
  const [head = '', tail, more] = address.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const missing = 8 - before.length - after.length;
  if (more !== undefined || (tail === undefined ? missing !== 0 : missing < 1)) return undefined;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff]);
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
