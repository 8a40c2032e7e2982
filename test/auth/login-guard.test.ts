import { describe, expect, it } from 'vitest';
import { addressGroup } from '../../src/services/accounts/address-group.js';
import { LoginGuard } from '../../src/services/accounts/login-guard.js';
import { ManualClock } from '../world/manual-clock.js';

function setUp() {
  const clock = new ManualClock();
  const guard = new LoginGuard(clock);
  const fail = (account: string, address: string, times: number) => {
    for (let n = 0; n < times; n += 1) guard.failed(account, address);
  };
  return { clock, guard, fail };
}

describe('abuse 22: the delay of logins', () => {
  it('grows with the failures of an account, whatever addresses they come from', () => {
    const { clock, guard, fail } = setUp();
    const waits = Array.from({ length: 10 }, (_, n) => {
      const wait = guard.take('lamp', `192.0.2.${n}`) ?? -1;
      clock.advance(wait);
      fail('lamp', `192.0.2.${n}`, 1);
      return wait;
    });
    expect(waits).toEqual([0, 0, 0, 0, 500, 1000, 2000, 4000, 8000, 16000]);
  });

  it('grows with the failures of an address, whatever accounts they are for', () => {
    const { guard, fail } = setUp();
    for (let n = 0; n < 12; n += 1) fail(`thing${n}`, '192.0.2.1', 1);
    expect(guard.take('lamp', '192.0.2.1')).toBe(1000);
    expect(guard.take('lamp', '192.0.2.2')).toBe(0);
  });

  it('is a queue for those who try at once, and those at its end are refused', () => {
    const { clock, guard, fail } = setUp();
    fail('lamp', '192.0.2.1', 8);
    const waits = Array.from({ length: 4 }, (_, n) => guard.take('lamp', `192.0.2.${n + 2}`));
    expect(waits).toEqual([8000, 16000, undefined, undefined]);
    clock.advance(16_000);
    expect(guard.take('lamp', '192.0.2.9')).toBe(8000);
  });

  it('does not lock out who logged in from the same address before', () => {
    const { guard, fail } = setUp();
    guard.succeeded('lamp', '192.0.2.1');
    fail('lamp', '192.0.2.66', 9);
    expect(guard.take('lamp', '192.0.2.1')).toBe(0);
    expect(guard.take('lamp', '192.0.2.66')).toBe(16_000);
  });

  it('does not lock out who logged in before because of its neighbours in an IPv6 network', () => {
    const { guard, fail } = setUp();
    guard.succeeded('lamp', '2001:db8::1');
    for (let n = 0; n < 30; n += 1) fail(`guess${n}`, '2001:db8::66', 1);
    expect(guard.take('lamp', '2001:db8::1')).toBe(0);
    expect(guard.take('lamp', '2001:db8::66')).toBe(16_000);
    expect(guard.take('other', '2001:db8::1')).toBeUndefined();
  });

  it('grows for who logged in before from its own address, too', () => {
    const { guard, fail } = setUp();
    guard.succeeded('lamp', '192.0.2.1');
    fail('lamp', '192.0.2.1', 5);
    expect(guard.take('lamp', '192.0.2.1')).toBe(1000);
  });

  it('of an account ends with a right password, that of an address does not', () => {
    const { guard, fail } = setUp();
    fail('lamp', '192.0.2.1', 14);
    guard.succeeded('lamp', '192.0.2.1');
    expect(guard.take('lamp', '192.0.2.2')).toBe(0);
    expect(guard.take('other', '192.0.2.1')).toBe(4000);
  });

  it('is forgotten after a quarter of an hour', () => {
    const { clock, guard, fail } = setUp();
    fail('lamp', '192.0.2.1', 30);
    clock.advance(900_001);
    expect(guard.take('lamp', '192.0.2.1')).toBe(0);
  });

  it('takes bounded memory', () => {
    const { guard } = setUp();
    for (let n = 0; n < 30_000; n += 1) {
      guard.failed(`name${n}`, `address${n}`);
      guard.succeeded(`name${n}`, `address${n}`);
      guard.failed(`name${n}`, `address${n}`);
    }
    const maps = Object.values(guard).filter((value) => value instanceof Map);
    expect(maps.map((map) => map.size)).toEqual([10_000, 10_000, 10_000, 10_000]);
  });
});

describe('an address, where tries are counted', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:0db8:0000:0000:1::', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80::1'],
    ['FE80::A', 'fe80::a'],
    ['fec0::1', 'fec0:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['local', 'local'],
  ])('%s counts as %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
