/** An instance of a service on one interface and by one protocol, as avahi-browse(1) tells it. */
export interface BrowsedInstance {
  readonly interface: string;
  readonly protocol: 'IPv4' | 'IPv6';
  /** The instance's label, unescaped. */
  readonly instance: string;
}

/** What it takes to connect. */
export interface BrowsedService {
  /** The host name, as `pronto.local`. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** The strings of the TXT record, in its order. */
  readonly txt: readonly Buffer[];
}

/** One line of `avahi-browse --parsable --resolve`. */
export type BrowseLine =
  | ({ readonly kind: 'new' | 'gone' } & BrowsedInstance)
  | ({ readonly kind: 'resolved' } & BrowsedInstance & BrowsedService);

const HEAD = /^([+=-]);([^;]+);(IPv4|IPv6);([^;]+);[^;]+;[^;]+(?:;([^;]+);([0-9a-fA-F.:]+);(\d{1,5});(.*))?$/;
const LABEL = /^(?:[A-Za-z0-9_-]|\\[.\\]|\\\d{3})+$/;
const HOST = /^[^\s"]{1,1020}$/;
const TEXT = /^(?:"(?:[^"\\]|\\["\\]|\\\d{3})*"(?: |$))*$/;
const STRING = /"((?:[^"\\]|\\["\\]|\\\d{3})*)"/g;
const ESCAPED = /\\(\d{3}|.)/g;
const LAST_PORT = 65_535;

/**
 * Reads a line. `undefined` for any other line, and for one whose escapes, port or UTF-8 are not as they must be: what
 * strangers announce stands in it.
 */
export function readBrowseLine(line: string): BrowseLine | undefined {
  const [, sign, name = '', protocol, label = '', host, address, port, text] = HEAD.exec(line) ?? [];
  if (protocol !== 'IPv4' && protocol !== 'IPv6') return undefined;
  const instance = LABEL.test(label) ? utf8(unescaped(label)) : undefined;
  if (instance === undefined) return undefined;
  const where = { interface: name, protocol, instance } as const;
  if (host === undefined) return sign === '=' ? undefined : { kind: sign === '+' ? 'new' : 'gone', ...where };
  if (sign !== '=' || address === undefined || text === undefined) return undefined;
  if (!HOST.test(host) || Number(port) > LAST_PORT || !TEXT.test(text)) return undefined;
  return { kind: 'resolved', ...where, host, address, port: Number(port), txt: stringsOf(text) };
}

/** avahi tells the strings from the last to the first. */
function stringsOf(text: string): Buffer[] {
  return [...text.matchAll(STRING)].map(([, string = '']) => unescaped(string)).reverse();
}

/** Three digits are a byte in decimal; any other character stands for itself. */
function unescaped(text: string): Buffer {
  const bytes = text.replaceAll(ESCAPED, (_, what: string) =>
    what.length === 3 ? String.fromCharCode(Number(what) & 0xff) : what,
  );
  return Buffer.from(bytes, 'latin1');
}

function utf8(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}
