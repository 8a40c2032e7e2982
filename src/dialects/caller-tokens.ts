import type { Tokens } from '../domain/access.js';
import { HubError } from '../domain/errors.js';
import type { Generation } from '../domain/generation.js';
import type { Element } from '../xmpp/element.js';
import { either, required } from './read.js';

const LONG = { service: 'serviceToken', device: 'deviceToken', user: 'userToken' } as const;
const SHORT = { service: 'st', device: 'dt', user: 'ut' } as const;

/** The most tokens of one kind in one request. */
const MOST_TOKENS = 16;

/** Longest token, in characters. */
const MAX_TOKEN = 2048;

/** The tokens that came with a request, in both spellings; several of a kind are parted by white space [0324 3.1.6]. */
export function readTokens(payload: Element): Tokens {
  return {
    service: list(payload, 'service'),
    device: list(payload, 'device'),
    user: list(payload, 'user'),
  };
}

/** Tokens as attributes in the generation's own spelling. */
export function writeTokens(tokens: Tokens, generation: Generation): Record<string, string | undefined> {
  const names = generation === 'xmpp' ? LONG : SHORT;
  return {
    [names.service]: tokens.service.join(' ') || undefined,
    [names.device]: tokens.device.join(' ') || undefined,
    [names.user]: tokens.user.join(' ') || undefined,
  };
}

/** One token, as it must be: no white space, neither empty nor very long. Refuses with bad-request. */
export function checkedToken(token: string): string {
  if (token === '' || token.length > MAX_TOKEN || /\s/.test(token))
    throw new HubError('bad-request', `A token has 1 to ${MAX_TOKEN} characters and no white space.`);
  return token;
}

/** An attribute that must be one token. */
export function tokenAttribute(payload: Element, name: string): string {
  return checkedToken(required(payload, name));
}

function list(payload: Element, kind: keyof Tokens): readonly string[] {
  const text = either(payload, LONG[kind], SHORT[kind]);
  if (text === '') return [];
  if (text.length > MOST_TOKENS * (MAX_TOKEN + 1)) throw tooMany(kind);
  const tokens = text.split(/\s+/).filter((token) => token !== '');
  if (tokens.length > MOST_TOKENS) throw tooMany(kind);
  return tokens.map(checkedToken);
}

function tooMany(kind: keyof Tokens): HubError {
  return new HubError('bad-request', `There are more than ${MOST_TOKENS} ${kind} tokens.`);
}
