/** An instance of a service with all that is needed to connect. */
export interface Found {
  /** The instance's label, unescaped. */
  readonly instance: string;
  /** The host name, as `pronto.local`. */
  readonly host: string;
  readonly port: number;
  /** IPv4 first, then IPv6; link-local IPv6 addresses carry their zone. Never empty. */
  readonly addresses: readonly string[];
  /** TXT keys in lower case; of a key that comes twice the first counts, one without `=` is empty. RFC 6763 §6.4 */
  readonly txt: ReadonlyMap<string, string>;
}

/** Keys of a text that are read; others have a dozen. */
const MAX_KEYS = 64;

/** The keys and values of a TXT record's strings. RFC 6763 §6.4 */
export function readText(strings: readonly Buffer[]): Map<string, string> {
  const txt = new Map<string, string>();
  for (const bytes of strings) {
    const text = bytes.toString('utf8');
    const at = text.indexOf('=');
    const key = (at < 0 ? text : text.slice(0, at)).toLowerCase();
    if (key !== '' && !txt.has(key)) txt.set(key, at < 0 ? '' : text.slice(at + 1));
    if (txt.size === MAX_KEYS) break;
  }
  return txt;
}

/** The strings of a TXT record's data, which has the length of each before it. */
export function stringsOf(rdata: Buffer): Buffer[] {
  const strings: Buffer[] = [];
  for (let at = 0; at < rdata.length; ) {
    const end = at + 1 + rdata.readUInt8(at);
    strings.push(rdata.subarray(at + 1, end));
    at = end;
  }
  return strings;
}

/** Whether two say the same. */
export function isSameFound(a: Found, b: Found): boolean {
  return a.instance === b.instance && isSamePlace(a, b) && isSameText(a.txt, b.txt);
}

function isSamePlace(a: Found, b: Found): boolean {
  return a.port === b.port && a.host === b.host && a.addresses.join() === b.addresses.join();
}

function isSameText(a: Found['txt'], b: Found['txt']): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
