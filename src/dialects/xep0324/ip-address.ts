const IP4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** A zone says something on the machine only that wrote it (RFC 4007 §11.2). */
const ZONE = /%[\w.-]{1,32}$/;

/** Whether a text is an IPv4 address: four decimals, without leading zeros. */
export function isIp4(text: string): boolean {
  return IP4.test(text);
}

/** An IPv6 address (RFC 4291 §2.2) without its zone; `undefined` where the text is none. */
export function ip6Of(text: string): string | undefined {
  const address = text.length > 80 ? '' : text.replace(ZONE, '');
  const [head = '', tail, ...more] = address.split('::');
  if (more.length > 0) return undefined;
  const count = countGroups(head, tail === undefined) + (tail === undefined ? 0 : countGroups(tail, true));
  return (tail === undefined ? count === 8 : count <= 7) ? address : undefined;
}

/** How many groups of 16 bits a part of an address has; the last may be an IPv4 address. `NaN` where one is none. */
function countGroups(part: string, last: boolean): number {
  if (part === '') return 0;
  const groups = part.split(':');
  const final = groups[groups.length - 1] ?? '';
  const mapped = last && isIp4(final);
  const plain = mapped ? groups.slice(0, -1) : groups;
  return plain.every((group) => GROUP.test(group)) ? plain.length + (mapped ? 2 : 0) : Number.NaN;
}
