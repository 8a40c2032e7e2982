import { HubError } from '../domain/errors.js';

/** The last characters of a group that is not full have no bits to spare, or none that are set. */
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/]{4})$/;

/**
 * Text of XML Schema's type base64Binary, which may hold white space, without it. Refuses with bad-request what is
 * empty, malformed, or longer than `maximum` characters; `what` names it to whoever sent it.
 */
export function base64Text(text: string, what: string, maximum: number): string {
  if (text.length > maximum)
    throw new HubError('bad-request', `The ${what} is longer than ${maximum} characters.`);
  const bare = text.replaceAll(/[ \t\r\n]/g, '');
  if (!BASE64.test(bare)) throw new HubError('bad-request', `The ${what} is not base64.`);
  return bare;
}
