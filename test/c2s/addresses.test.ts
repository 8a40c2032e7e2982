import { describe, expect, it } from 'vitest';
import { isMachineAddress, isOnLink } from '../../src/edges/c2s/addresses.js';
import type { InterfaceAddress } from '../../src/system/network.js';
import { plainAddress } from '../../src/xmpp/plain-address.js';

const lan = { name: 'lan', internal: false, scope: 0 };
const interfaces: InterfaceAddress[] = [
  { ...lan, family: 'IPv4', address: '192.168.7.20', netmask: '255.255.252.0' },
  { ...lan, family: 'IPv6', address: '2001:db8:1::20', netmask: 'ffff:ffff:ffff:ffff::' },
  { ...lan, family: 'IPv6', address: 'fe80::20', netmask: 'ffff:ffff:ffff:ffff::', scope: 2 },
];

describe('addresses', () => {
  it('are one text each: no zone, no IPv4 inside IPv6', () => {
    expect(['::ffff:192.0.2.1', 'fe80::1%eth0', '10.0.0.1', undefined].map(plainAddress)).toEqual([
      '192.0.2.1',
      'fe80::1',
      '10.0.0.1',
      '',
    ]);
  });

  it('of the machine are known in every spelling', () => {
    const own = [
      '192.168.7.20',
      '[2001:db8:1::20]',
      '2001:0DB8:1:0:0::20',
      '::ffff:192.168.7.20',
      '[fe80::20%2]',
    ];
    const others = ['192.168.7.21', '2001:db8:1::21', 'home.local', '', '192.168.7', '[]'];
    expect(own.filter((host) => isMachineAddress(host, interfaces))).toEqual(own);
    expect(others.filter((host) => isMachineAddress(host, interfaces))).toEqual([]);
  });

  it('on the link are those of the networks that the machine is part of', () => {
    const near = [
      '192.168.4.1',
      '192.168.7.255',
      '127.0.0.1',
      '::1',
      '2001:db8:1::99',
      'fe80::99',
      '169.254.3.4',
    ];
    const far = ['192.168.8.1', '10.0.0.1', '2001:db8:2::1', '', 'nonsense'];
    expect(near.filter((address) => isOnLink(address, interfaces))).toEqual(near);
    expect(far.filter((address) => isOnLink(address, interfaces))).toEqual([]);
  });
});
