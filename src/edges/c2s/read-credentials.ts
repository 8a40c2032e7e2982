import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { Element } from '../../xmpp/element.js';

/** Longest password, in bytes. */
const MAX_PASSWORD = 1023;

/** Name (normalised local part) and password of a XEP-0077 query. Refuses with not-acceptable what is no such pair. */
export function readCredentials(
  query: Element,
  domain: string,
): { readonly name: string; readonly password: string } {
  const username = query.child('username')?.text() ?? '';
  const password = query.child('password')?.text() ?? '';
  if (username === '' || password === '')
    throw new HubError('not-acceptable', 'A username and a password are needed.');
  if (Buffer.byteLength(password) > MAX_PASSWORD)
    throw new HubError('not-acceptable', 'This password is too long.');
  return { name: localPart(username, domain), password };
}

function localPart(username: string, domain: string): string {
  try {
    return Jid.of(username, domain).local;
  } catch (cause) {
    throw new HubError('not-acceptable', 'This username has characters that are not allowed in an address.', {
      cause,
    });
  }
}
