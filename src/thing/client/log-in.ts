import { bindingBytes, bindingTypes } from '../../xmpp/channel-binding.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import { ScramError, type ScramHash } from '../../xmpp/scram.js';
import { ScramClient, type ScramClientOptions } from '../../xmpp/scram-client.js';
import type { Exchange } from './exchange.js';
import { SessionError } from './session-error.js';

/** An account of the hub: the local part of its JID, and its password. */
export interface Credentials {
  readonly name: string;
  readonly password: string;
}

const HASHES: readonly ScramHash[] = ['SHA-256', 'SHA-1'];

/** Conditions of RFC 6120 §6.5 that another try with the same password does not change. */
const REFUSED = new Set(['not-authorized', 'account-disabled', 'credentials-expired', 'invalid-authzid']);

/**
 * Logs in by SCRAM (RFC 6120 §6), bound to the TLS channel where the hub can: the password never leaves this machine,
 * and the hub must prove that it knows it. Rejects with login-refused or protocol.
 */
export async function logIn(exchange: Exchange, features: Element, account: Credentials): Promise<void> {
  const offered = offeredMechanisms(features);
  const hash = HASHES.find(
    (name) => offered.includes(`SCRAM-${name}`) || offered.includes(`SCRAM-${name}-PLUS`),
  );
  if (hash === undefined)
    throw new SessionError(
      'login-refused',
      'The hub offers no way to log in that keeps the password secret.',
    );
  const binding = chooseBinding(exchange, features, offered.includes(`SCRAM-${hash}-PLUS`));
  const mechanism = typeof binding === 'object' ? `SCRAM-${hash}-PLUS` : `SCRAM-${hash}`;
  const nonce = exchange.random.bytes(18).toString('base64');
  const client = new ScramClient({
    hash,
    username: account.name,
    password: account.password,
    nonce,
    binding,
  });
  try {
    await run(exchange, client, mechanism);
  } catch (error) {
    if (!(error instanceof ScramError)) throw error;
    throw new SessionError('login-refused', `The login with the hub failed: ${error.message}`, {
      cause: error,
    });
  }
}

async function run(exchange: Exchange, client: ScramClient, mechanism: string): Promise<void> {
  const first = element('auth', NS.sasl, { mechanism }, encode(await client.first()));
  const challenge = await next(exchange, first, ['challenge']);
  const final = element('response', NS.sasl, {}, encode(await client.respond(decode(challenge))));
  const answer = await next(exchange, final, ['success', 'challenge']);
  client.finish(decode(answer));
  // A server may send its proof as a challenge, and the success empty (RFC 6120 §6.3.10).
  if (answer.name === 'challenge') await next(exchange, element('response', NS.sasl), ['success']);
}

async function next(exchange: Exchange, message: Element, names: readonly string[]): Promise<Element> {
  const answer = await exchange.ask(message, [...names, 'failure'], NS.sasl);
  if (answer.name !== 'failure') return answer;
  const condition = answer.elements().find((child) => child.name !== 'text')?.name ?? 'not-authorized';
  if (REFUSED.has(condition))
    throw new SessionError('login-refused', 'The hub does not know this account, or its password.');
  const text = answer.child('text')?.text() ?? condition;
  throw new SessionError('unreachable', `The hub does not log anybody in now: ${text}`);
}

function offeredMechanisms(features: Element): string[] {
  const mechanisms = features.child('mechanisms', NS.sasl)?.elements() ?? [];
  return mechanisms.filter((child) => child.name === 'mechanism').map((child) => child.text().trim());
}

/** How the login is bound to its channel: the best type that both ends have, else as `ScramClientOptions` says. */
function chooseBinding(exchange: Exchange, features: Element, plus: boolean): ScramClientOptions['binding'] {
  const { secured } = exchange;
  if (secured === undefined) return undefined;
  if (!plus) return 'unoffered';
  const announced = features.child('sasl-channel-binding', NS.saslChannelBinding)?.elements();
  const types = announced?.map((child) => child.attribute('type'));
  for (const type of bindingTypes(secured)) {
    const bytes =
      types === undefined || types.includes(type) ? bindingBytes(secured, type, 'client') : undefined;
    if (bytes !== undefined) return { type, bytes };
  }
  return undefined;
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(message: Element): string {
  return Buffer.from(message.text(), 'base64').toString();
}
