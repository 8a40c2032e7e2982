import { HubError } from '../domain/errors.js';

/** Printable ASCII: SASLprep leaves it as it is, and its tables need not be loaded. */
const ASCII = /^[\x20-\x7e]*$/;

/** Longer texts are refused before any table is looked into. */
const LONGEST = 1023;

/**
 * SASLprep (RFC 4013) of a user name or password, as RFC 5802 §5.1 wants it; code points that Unicode 3.2 does not
 * know are refused. Rejects with not-acceptable if the text is empty, too long, or has a character that is prohibited.
 */
export async function saslprep(text: string): Promise<string> {
  if (text === '') throw new HubError('not-acceptable', 'The text is empty.');
  if (Buffer.byteLength(text) > LONGEST) throw new HubError('not-acceptable', 'The text is too long.');
  if (ASCII.test(text)) return text;
  const { default: prepare } = await import('@mongodb-js/saslprep');
  let prepared: string;
  try {
    prepared = prepare(text);
  } catch (cause) {
    throw new HubError('not-acceptable', 'The text has a character that is not allowed here.', { cause });
  }
  if (prepared === '')
    throw new HubError('not-acceptable', 'Nothing is left of the text but ignored characters.');
  return prepared;
}
