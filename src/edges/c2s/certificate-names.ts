import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** What a server certificate speaks for. */
export interface CertificateNames {
  /** The XMPP domain. */
  readonly domain: string;
  /** Other names: the hub's own address, the machine's names in mDNS. */
  readonly hosts: readonly string[];
  /** IP addresses of the machine, with or without a zone. */
  readonly addresses: readonly string[];
}

/** A name in a certificate (RFC 5280 §4.2.1.6): a DNS name in ASCII, or the bytes of an IP address. */
export type AlternativeName = { readonly dns: string } | { readonly ip: Buffer; readonly text: string };

/** The names as a certificate has them: sorted, each once. Names that no certificate can hold are left out. */
export function alternativeNames(names: CertificateNames): AlternativeName[] {
  const found = new Map<string, AlternativeName>();
  for (const name of [names.domain, ...names.hosts, ...names.addresses]) {
    const address = name.replace(/^\[(.*)\]$/, '$1').split('%')[0] ?? '';
    const ip = isIP(address) === 0 ? undefined : addressBytes(address);
    const dns = ip === undefined ? domainToASCII(name) : '';
    if (ip !== undefined) found.set(`ip ${ip.toString('hex')}`, { ip, text: ip.toString('hex') });
    else if (dns !== '') found.set(`dns ${dns}`, { dns });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
}

/** One line that is the same for the same names: kept beside a certificate to see whether it still fits. */
export function namesDigest(names: readonly AlternativeName[]): string {
  return names.map((name) => ('dns' in name ? name.dns : name.text)).join(' ');
}

/** Four or sixteen bytes. The address is valid. */
function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  // An IPv6 address may end in dotted decimals.
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((word) => word.toString(16)).join(':'),
  );
  const [head = '', tail] = hex.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const words = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(words.map((word) => word.padStart(4, '0')).join(''), 'hex');
}
