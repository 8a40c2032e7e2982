/** An IP address as one text: no zone, and IPv4 not wrapped in IPv6. */
export function plainAddress(address: string | undefined): string {
  const text = (address ?? '').replace(/%.*$/, '');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text);
  return mapped?.[1] ?? text;
}

/** Whether two texts are the same IP address; the zones are compared where both have one. */
export function sameAddress(one: string, other: string): boolean {
  const [zone, otherZone] = [zoneOf(one), zoneOf(other)];
  if (zone !== undefined && otherZone !== undefined && zone !== otherZone) return false;
  return addressKey(one) === addressKey(other);
}

/** The one text of an IP address without its zone, however it is written. */
export function addressKey(address: string): string {
  return shortest(plainAddress(address));
}

function zoneOf(address: string): string | undefined {
  return /%(.+)$/.exec(address)?.[1];
}

/** The one way to write an IPv6 address (RFC 5952); others as they are. */
function shortest(address: string): string {
  if (!address.includes(':')) return address;
  return URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
