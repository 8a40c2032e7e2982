import type { IncomingMessage } from 'node:http';
import { HubError } from '../domain/errors.js';

/** The longest body of a command, in bytes. */
const MAX_BODY = 65_536;

/** The JSON of a request; an empty body is an empty object. Refuses with bad-request and limit-reached. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) throw new HubError('limit-reached', `A request has at most ${MAX_BODY} bytes.`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HubError('bad-request', 'The body is no JSON.', { cause });
  }
}
