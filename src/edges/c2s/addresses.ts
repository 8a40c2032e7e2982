import { BlockList, isIP } from 'node:net';
import type { InterfaceAddress } from '../../system/network.js';
import { plainAddress } from '../../xmpp/plain-address.js';

/** Whether `host` (as a stream header names it, IPv6 with or without brackets) is an address of this machine. */
export function isMachineAddress(host: string, interfaces: readonly InterfaceAddress[]): boolean {
  const address = plainAddress(host.replace(/^\[(.*)\]$/, '$1'));
  const family = isIP(address);
  if (family === 0) return false;
  const own = new BlockList();
  for (const one of interfaces) own.addAddress(plainAddress(one.address), familyName(one.family));
  return own.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a peer at `address` is on a network that this machine is part of, so no router lies between. */
export function isOnLink(address: string, interfaces: readonly InterfaceAddress[]): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  const near = new BlockList();
  near.addSubnet('127.0.0.0', 8, 'ipv4');
  near.addAddress('::1', 'ipv6');
  near.addSubnet('fe80::', 10, 'ipv6');
  near.addSubnet('169.254.0.0', 16, 'ipv4');
  for (const one of interfaces)
    near.addSubnet(plainAddress(one.address), prefixLength(one.netmask), familyName(one.family));
  return near.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function familyName(family: 'IPv4' | 'IPv6'): 'ipv4' | 'ipv6' {
  return family === 'IPv4' ? 'ipv4' : 'ipv6';
}

/** The length of a prefix written as a mask: `255.255.255.0`, `ffff:ffff::`. */
function prefixLength(mask: string): number {
  const bits = mask.includes(':')
    ? mask
        .split(':')
        .filter((group) => group !== '')
        .map((group) => Number.parseInt(group, 16))
    : mask.split('.').map(Number);
  return bits.reduce((sum, group) => sum + ones(group), 0);
}

function ones(value: number): number {
  let count = 0;
  for (let rest = value; rest > 0; rest >>>= 1) count += rest & 1;
  return count;
}
