import { HubError } from '../../domain/errors.js';
import type { Generation } from '../../domain/generation.js';
import { type Element, element } from '../../xmpp/element.js';
import { base64Text } from '../base64.js';
import { checkedToken, tokenAttribute } from '../caller-tokens.js';
import { tokensNs } from '../namespaces.js';
import { answerElement, requiredInt, textOnly } from '../read.js';
import type { Row } from '../row.js';

/** Longest certificate, in characters of base64. */
export const MAX_CERTIFICATE = 32_768;

/** Longest challenge or answer to one, in characters of base64: more than the largest keys in use need. */
const MAX_CHALLENGE = 8192;

/** Somebody asks for a token, and is challenged to show that he has the private key [0324 3.1.3]. */
export function getToken(generation: Generation): Row<'get-token'> {
  const ns = tokensNs[generation];
  return {
    operation: 'get-token',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'getToken',
    readRequest: (payload) => ({ certificate: certificateIn(payload), generation }),
    writeRequest: ({ certificate }) => element('getToken', ns, {}, certificate),
    readAnswer: (payload) => {
      const answer = answerElement(payload, 'getTokenChallenge');
      return { seqnr: requiredInt(answer, 'seqnr'), challenge: challengeIn(answer) };
    },
    writeAnswer: ({ seqnr, challenge }) =>
      element('getTokenChallenge', ns, { seqnr: String(seqnr) }, challenge),
  };
}

/** The answer to that challenge, for which there is a token [0324 3.1.3]. */
export function answerChallenge(generation: Generation): Row<'answer-challenge'> {
  const ns = tokensNs[generation];
  return {
    operation: 'answer-challenge',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'getTokenChallengeResponse',
    readRequest: (payload) => ({ seqnr: requiredInt(payload, 'seqnr'), response: challengeIn(payload) }),
    writeRequest: ({ seqnr, response }) =>
      element('getTokenChallengeResponse', ns, { seqnr: String(seqnr) }, response),
    readAnswer: (payload) => ({
      token: tokenAttribute(answerElement(payload, 'getTokenResponse'), 'token'),
    }),
    writeAnswer: ({ token }) => element('getTokenResponse', ns, { token }),
  };
}

/** Who sent a token is asked to show that it may [0324 3.1.5]; texts differ on whether to get or to set that. */
export function challengeToken(generation: Generation): Row<'challenge-token'> {
  const ns = tokensNs[generation];
  return {
    operation: 'challenge-token',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'tokenChallenge',
    readRequest: (payload) => ({ token: tokenAttribute(payload, 'token'), challenge: challengeIn(payload) }),
    writeRequest: ({ token, challenge }) => element('tokenChallenge', ns, { token }, challenge),
    readAnswer: (payload) => ({ response: challengeIn(answerElement(payload, 'tokenChallengeResponse')) }),
    writeAnswer: ({ response }) => element('tokenChallengeResponse', ns, {}, response),
  };
}

/**
 * Somebody asks for the certificate behind a token. The schema has the token in an attribute, clients write it as text,
 * some without the address in front of it; the XEP does not have this, and gets it where it has all else.
 */
export function getCertificate(generation: Generation): Row<'get-certificate'> {
  const ns = tokensNs[generation];
  return {
    operation: 'get-certificate',
    generation,
    kind: 'iq',
    types: ['get', 'set'],
    ns,
    name: 'getCertificate',
    readRequest: (payload) => ({ token: askedToken(payload) }),
    writeRequest: ({ token }) => element('getCertificate', ns, { token }),
    readAnswer: (payload) => ({ certificate: certificateIn(answerElement(payload, 'certificate')) }),
    writeAnswer: ({ certificate }) => element('certificate', ns, {}, certificate),
  };
}

function askedToken(payload: Element): string {
  const attribute = payload.attribute('token');
  const text = textOnly(payload).trim();
  if (attribute !== undefined && text !== '' && attribute !== text)
    throw new HubError('bad-request', '<getCertificate/> names two tokens.');
  return checkedToken(attribute ?? text);
}

function certificateIn(payload: Element): string {
  return base64Text(textOnly(payload), 'certificate', MAX_CERTIFICATE);
}

function challengeIn(payload: Element): string {
  return base64Text(textOnly(payload), 'challenge', MAX_CHALLENGE);
}
