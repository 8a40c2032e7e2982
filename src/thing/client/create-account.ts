import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import { errorCondition, request } from '../../xmpp/stanza.js';
import type { Exchange } from './exchange.js';
import type { Credentials } from './log-in.js';
import { SessionError } from './session-error.js';

const PRE_AUTHENTICATED = 'urn:xmpp:pars:0';

/**
 * Makes an account in-band (XEP-0077 §3.1) before login; `token` is an invitation or a setup code (XEP-0445). Rejects
 * with name-taken, or with account-refused and the hub's own words.
 */
export async function createAccount(
  exchange: Exchange,
  features: Element,
  account: Credentials,
  token?: string,
): Promise<void> {
  if (features.child('register', NS.registerFeature) === undefined)
    throw new SessionError('account-refused', 'The hub makes no accounts over the network now.');
  if (token !== undefined) await set(exchange, element('preauth', PRE_AUTHENTICATED, { token }));
  const form = element(
    'query',
    NS.register,
    {},
    element('username', NS.register, {}, account.name),
    element('password', NS.register, {}, account.password),
  );
  await set(exchange, form);
}

async function set(exchange: Exchange, payload: Element): Promise<void> {
  const id = exchange.random.id();
  const reply = await exchange.ask(request('set', id, payload, { to: exchange.domain }), ['iq'], NS.client);
  if (reply.attribute('id') !== id) throw new SessionError('protocol', 'The hub answers what nobody asked.');
  if (reply.attribute('type') === 'result') return;
  const condition = errorCondition(reply);
  if (condition === 'conflict')
    throw new SessionError('name-taken', `The hub has an account called ${account(payload)} already.`);
  const text = reply.child('error')?.child('text', NS.stanzaErrors)?.text() ?? condition;
  throw new SessionError('account-refused', `The hub makes no account: ${text}`);
}

function account(payload: Element): string {
  return payload.child('username')?.text() ?? 'this';
}
