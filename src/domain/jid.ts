import { HubError } from './errors.js';

/**
 * An XMPP address (RFC 7622), normalised: two addresses are the same if and only if their texts are. Parts that are
 * absent are empty strings.
 */
export class Jid {
  readonly local: string;
  readonly domain: string;
  readonly resource: string;
  /** `local@domain`, or `domain`. */
  readonly bare: string;
  /** The whole address. */
  readonly full: string;

  private constructor(local: string, domain: string, resource: string) {
    this.local = local;
    this.domain = domain;
    this.resource = resource;
    this.bare = local === '' ? domain : `${local}@${domain}`;
    this.full = resource === '' ? this.bare : `${this.bare}/${resource}`;
  }

  /** Reads and normalises an address. Throws jid-malformed. */
  static parse(text: string): Jid {
    const known = cache.get(text);
    if (known !== undefined) return known;
    if (text.length > 3071) throw malformed('it is longer than 3071 characters');
    const slash = text.indexOf('/');
    const bare = slash < 0 ? text : text.slice(0, slash);
    const at = bare.indexOf('@');
    if (at === 0) throw malformed('there is nothing before the @');
    if (slash === text.length - 1) throw malformed('there is nothing after the /');
    const jid = new Jid(
      at < 0 ? '' : normaliseLocal(bare.slice(0, at)),
      normaliseDomain(bare.slice(at + 1)),
      slash < 0 ? '' : normaliseResource(text.slice(slash + 1)),
    );
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(text, jid);
    return jid;
  }

  /** The same; `undefined` for a text that is no address. */
  static tryParse(text: string): Jid | undefined {
    try {
      return Jid.parse(text);
    } catch (error) {
      if (error instanceof HubError) return undefined;
      throw error;
    }
  }

  /** An address from its parts; each is normalised. Throws jid-malformed. */
  static of(local: string, domain: string, resource = ''): Jid {
    return new Jid(
      local === '' ? '' : normaliseLocal(local),
      normaliseDomain(domain),
      resource === '' ? '' : normaliseResource(resource),
    );
  }

  /** The address without its resource. */
  toBare(): Jid {
    return this.resource === '' ? this : new Jid(this.local, this.domain, '');
  }

  /** The same account with this resource. Throws jid-malformed. */
  withResource(resource: string): Jid {
    return new Jid(this.local, this.domain, normaliseResource(resource));
  }

  toString(): string {
    return this.full;
  }
}

/** The bare JID of an address, normalised. Throws jid-malformed. */
export function bareJid(text: string): string {
  return Jid.parse(text).bare;
}

/** Parsing an address costs more than a stanza does; the addresses of a home are few. */
const CACHE_SIZE = 4096;
const cache = new Map<string, Jid>();

const SIMPLE_LOCAL = /^[a-z0-9._+-]{1,255}$/;
const SIMPLE_DOMAIN =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;
const IPV6_LITERAL = /^\[[0-9a-f:.]{2,45}\]$/;
const IDENTIFIER = /^[\p{L}\p{N}\p{M}\x21-\x7e]+$/u;
const FREEFORM_BAD = /[\p{C}\u2028\u2029]/u;
const HANGUL_JAMO = /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]/;

function malformed(why: string): HubError {
  return new HubError('jid-malformed', `This is not an XMPP address: ${why}. Write it as name@domain.`);
}

function bytesWithin(part: string, name: string): string {
  if (part === '') throw malformed(`its ${name} is empty`);
  if (Buffer.byteLength(part) > 1023) throw malformed(`its ${name} is longer than 1023 bytes`);
  return part;
}

/** UsernameCaseMapped (RFC 8265 §3.3) less the characters that RFC 7622 §3.3.1 takes out. */
function normaliseLocal(text: string): string {
  if (SIMPLE_LOCAL.test(text)) return text;
  const local = mapWidth(text).toLowerCase().normalize('NFC');
  bytesWithin(local, 'local part');
  if (/["&'/:<>@]/.test(local) || !isIdentifier(local))
    throw malformed('its local part has a character that is not allowed');
  checkBidi(local);
  return local;
}

function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text) && !HANGUL_JAMO.test(text) && text.normalize('NFKC') === text;
}

/** A host name, an internationalised one, or an address literal (RFC 7622 §3.2). */
function normaliseDomain(text: string): string {
  if (SIMPLE_DOMAIN.test(text)) return text;
  let domain = mapWidth(text)
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/[\u3002\uff0e\uff61]/g, '.');
  if (domain.endsWith('.')) domain = domain.slice(0, -1);
  bytesWithin(domain, 'domain');
  if (SIMPLE_DOMAIN.test(domain) || IPV6_LITERAL.test(domain)) return domain;
  for (const label of domain.split('.')) {
    const valid = /^[\p{L}\p{N}\p{M}-]+$/u.test(label) && !label.startsWith('-') && !label.endsWith('-');
    if (!valid || label.normalize('NFKC') !== label || Buffer.byteLength(label) > 63)
      throw malformed('its domain is no host name');
    checkBidi(label);
  }
  return domain;
}

/** OpaqueString (RFC 8265 §4.2): spaces become U+0020, no control or unassigned characters. */
function normaliseResource(text: string): string {
  const resource = text.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
  bytesWithin(resource, 'resource');
  if (FREEFORM_BAD.test(resource)) throw malformed('its resource has a character that is not allowed');
  return resource;
}

/** Full-width and half-width forms become their ordinary ones (RFC 8265 §3.3.1). */
function mapWidth(text: string): string {
  return text.replaceAll(/[\uff01-\uffee]/g, (character) => character.normalize('NFKC'));
}

/** The Bidi rule (RFC 5893 §2) as far as it keeps two directions out of one part. */
function checkBidi(text: string): void {
  const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;
  if (!rightToLeft.test(text)) return;
  if (
    /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(text) ||
    !rightToLeft.test([...text][0] ?? '')
  ) {
    throw malformed('it mixes directions of writing');
  }
}
