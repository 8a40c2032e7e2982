/** An address of the network. One of IPv4 in the clothes of IPv6 (RFC 4291 §2.5.5.2) is one of IPv4. */
export interface NetworkAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** The addresses whose first `prefix` bits are those of `value`. */
export interface NetworkRange extends NetworkAddress {
  readonly prefix: number;
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/** Above the 32 bits of an IPv4 address in one of IPv6. */
const MAPPED = 0xffffn;
const MAPPED_BITS = 96;

/** Reads an IPv4 or IPv6 address without zone; `undefined` where the text is none. */
export function readAddress(text: string): NetworkAddress | undefined {
  if (text.length > 45) return undefined;
  const four = ip4(text);
  if (four !== undefined) return { bits: 32, value: four };
  const six = ip6(text);
  if (six === undefined) return undefined;
  return six >> 32n === MAPPED ? { bits: 32, value: six & 0xffff_ffffn } : { bits: 128, value: six };
}

/**
 * Reads a range such as `10.0.0.0/8`, or one address; `undefined` where the text is none, or has bits set behind the
 * prefix.
 */
export function readRange(text: string): NetworkRange | undefined {
  const [, base = '', length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = readAddress(base);
  if (address === undefined) return undefined;
  // What is written as IPv6 counts its prefix there, whatever it means.
  const outer = base.includes(':') && address.bits === 32 ? MAPPED_BITS : 0;
  const prefix = length === undefined ? address.bits : Number(length) - outer;
  if (prefix < 0 || prefix > address.bits) return undefined;
  const range = { ...address, prefix };
  return firstOf(range) === address.value ? range : undefined;
}

/** Whether the range has the address in it. */
export function isInRange(address: NetworkAddress, range: NetworkRange): boolean {
  const rest = BigInt(range.bits - range.prefix);
  return address.bits === range.bits && address.value >> rest === range.value >> rest;
}

function firstOf({ bits, value, prefix }: NetworkRange): bigint {
  const rest = BigInt(bits - prefix);
  return (value >> rest) << rest;
}

function ip4(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) < 256))
    return undefined;
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

/** RFC 4291 §2.2: groups, one run of zero groups left out, the last two perhaps as an IPv4 address. */
function ip6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const first = groupsOf(head, tail === undefined);
  const last = tail === undefined ? [] : groupsOf(tail, true);
  if (first === undefined || last === undefined) return undefined;
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...first, ...new Array<bigint>(missing).fill(0n), ...last];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

function groupsOf(part: string, final: boolean): bigint[] | undefined {
  if (part === '') return [];
  const groups = part.split(':');
  const four = final ? ip4(groups.at(-1) ?? '') : undefined;
  const plain = four === undefined ? groups : groups.slice(0, -1);
  if (!plain.every((group) => GROUP.test(group))) return undefined;
  const values = plain.map((group) => BigInt(`0x${group}`));
  return four === undefined ? values : [...values, four >> 16n, four & 0xffffn];
}
