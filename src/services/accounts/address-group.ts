/**
 * What counts as one address where tries are counted: an IPv4 address, or the /64 network of an IPv6 address, since a
 * machine picks the rest of it as it likes. All link-local addresses of a home are in one network, so these count one
 * by one, as those of IPv4 do. Other text stands for itself.
 */
export function addressGroup(address: string): string {
  const plain = address.split('%')[0] ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return mapped;
  if (!plain.includes(':') || /^fe[89ab][0-9a-f]:/i.test(plain)) return plain.toLowerCase();
  const [head = '', tail] = plain.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(gap).fill('0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
