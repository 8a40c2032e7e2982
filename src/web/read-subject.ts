import { HubError } from '../domain/errors.js';
import { bareJid, Jid } from '../domain/jid.js';
import type { Subject, TokenSubject } from '../domain/rule.js';
import type { Service } from '../domain/service.js';
import type { Admin } from './admin.js';

/** Fewest digits by which a fingerprint is meant. */
const FEWEST = 8;

const FINGERPRINT = /^[0-9a-f]{64}$/;
const BEGINNING = /^[0-9a-f]{8,64}$/;

type Known = Pick<Admin, 'services' | 'tokens'>;

/**
 * Reads to whom a rule applies: a JID, `@domain`, `everyone`, `service:…`, `device:…`, `user:SERVICE/NAME`. Throws
 * jid-malformed, bad-request, and item-not-found for a name or a beginning that nobody has.
 */
export function readSubject(admin: Known, text: string): Subject {
  if (text === 'everyone') return { kind: 'all' };
  if (text.startsWith('@')) return { kind: 'domain', domain: Jid.of('', text.slice(1)).bare };
  const [, kind, rest = ''] = /^(service|device|user):(.*)$/su.exec(text) ?? [];
  if (kind === undefined) return { kind: 'jid', jid: readCaller(text) };
  return readTokenSubject(admin, kind as TokenSubject['kind'], rest);
}

/**
 * Reads the bare JID of somebody. One word is a domain in XMPP, and a name that lacks its domain when a person types it:
 * that is refused with bad-request. Throws jid-malformed.
 */
export function readCaller(text: string): string {
  const jid = bareJid(text);
  if (/[@.:]/.test(jid)) return jid;
  const form = `Write it as ${jid}@DOMAIN, or @DOMAIN for everyone there.`;
  throw new HubError('bad-request', `"${text}" is no address. ${form}`);
}

/** Reads one who goes by a token of this kind. Throws as `readSubject`. */
export function readTokenSubject(admin: Known, kind: TokenSubject['kind'], text: string): TokenSubject {
  switch (kind) {
    case 'service':
      return { kind, identity: serviceIdentity(admin, text) };
    case 'device':
      return { kind, identity: deviceIdentity(admin, text) };
    default:
      return { kind, identity: userIdentity(admin, text) };
  }
}

/** A service that the hub knows, by its name or the beginning of its fingerprint. Throws item-not-found. */
export function knownService({ services }: Pick<Admin, 'services'>, text: string): Service {
  const service = services.known.find(text) ?? services.known.find(plain(text));
  if (service === undefined)
    throw new HubError('item-not-found', `There is no service "${text}". See: hearth services`);
  return service;
}

/** The fingerprint of a certificate that the hub knows, or a whole one. Throws bad-request and item-not-found. */
export function fingerprintOf({ services, tokens }: Known, text: string): string {
  const begin = plain(text);
  if (FINGERPRINT.test(begin)) return begin;
  if (!BEGINNING.test(begin)) {
    const form = `Write at least the first ${FEWEST} digits of it, in hex.`;
    throw new HubError('bad-request', `"${text}" is no fingerprint. ${form}`);
  }
  const known = [...tokens.certificates.all()].map(([fingerprint]) => fingerprint);
  const all = new Set([...known, ...services.known.all().map(({ identity }) => identity)]);
  const [only, ...more] = [...all].filter((fingerprint) => fingerprint.startsWith(begin));
  if (only === undefined)
    throw new HubError('item-not-found', `No certificate begins with ${begin}. See: hearth tokens`);
  if (more.length > 0)
    throw new HubError('bad-request', `Several certificates begin with ${begin}. Write more of it.`);
  return only;
}

function serviceIdentity(admin: Known, text: string): string {
  const known = admin.services.known.find(text);
  if (known !== undefined) return known.identity;
  return BEGINNING.test(plain(text)) ? fingerprintOf(admin, text) : knownService(admin, text).identity;
}

/** By its fingerprint, or by the account that got tokens for it. */
function deviceIdentity(admin: Known, text: string): string {
  if (BEGINNING.test(plain(text))) return fingerprintOf(admin, text);
  const jid = bareJid(text);
  const held = [...admin.tokens.known.all()].filter(([, { by }]) => by === jid);
  const [only, ...more] = new Set(held.map(([, { fingerprint }]) => fingerprint));
  if (only === undefined) throw new HubError('item-not-found', `${jid} has no token. See: hearth tokens`);
  if (more.length > 0)
    throw new HubError('bad-request', `${jid} has tokens for several certificates. Name one: hearth tokens`);
  return only;
}

function userIdentity(admin: Known, text: string): string {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  if (slash < 1 || name === '')
    throw new HubError('bad-request', `"${text}" is no user of a service. Write it as user:SERVICE/NAME.`);
  return `${serviceIdentity(admin, text.slice(0, slash))}/${name}`;
}

/** Colons and spaces are how other programs part the digits. */
function plain(text: string): string {
  return text.replaceAll(/[:\s…]/g, '').toLowerCase();
}
