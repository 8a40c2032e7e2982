import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { Connection } from '../../system/network.js';
import type { World } from '../../system/world.js';
import { type Element, element } from '../../xmpp/element.js';
import { afterLogin } from '../../xmpp/limits.js';
import { NS } from '../../xmpp/namespaces.js';
import { openStream } from '../../xmpp/open-stream.js';
import { errorCondition, request } from '../../xmpp/stanza.js';
import { createAccount } from './create-account.js';
import { Exchange } from './exchange.js';
import { Inbox } from './inbox.js';
import { type Credentials, logIn } from './log-in.js';
import { type Authority, beginTls, confirm } from './secure.js';
import { AccountSession } from './session.js';
import { SessionError } from './session-error.js';

/** Longest time from the first byte to a bound resource, in milliseconds. */
const NEGOTIATION = 30_000;

/** How to open a session. */
export interface SessionOptions {
  /** The XMPP domain, or the host's name or address where it is not known: the hub says its domain then. */
  readonly domain: string;
  /** The authority pinned at first contact. */
  readonly authority: Authority;
  readonly account: Credentials;
  /**
   * When to make the account: before the first login, when the hub does not know it any more, or not at all. With
   * `first`, a name that is taken is tried with the password before the session fails with name-taken.
   */
  readonly create: 'first' | 'after-refusal' | 'never';
  /** An invitation or setup code for a new account (XEP-0445). */
  readonly token?: string | undefined;
  readonly resource: string;
  /** Called once the hub has proved its certificate, before anything secret is said; a rejection ends the session. */
  readonly trusted?: ((hub: { domain: string; authority: string }) => Promise<void>) | undefined;
  /** Breaks the negotiation off. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Negotiates a stream as a client (RFC 6120 §4 to §7): STARTTLS always, account if asked for, SCRAM, bind. The
 * connection is the session's from then on, and destroyed if this rejects, which is always with a SessionError.
 */
export async function openSession(
  connection: Connection,
  options: SessionOptions,
  world: Pick<World, 'clock' | 'random' | 'log'>,
): Promise<AccountSession> {
  const inbox = new Inbox();
  const { clock, random } = world;
  const stream = openStream(connection, { role: 'initiator', limits: afterLogin, handler: inbox, clock });
  const breakOff = () => stream.fail('connection-timeout', 'The login takes too long.');
  const deadline = clock.after(NEGOTIATION, breakOff, 'session negotiation');
  options.signal?.addEventListener('abort', breakOff);
  try {
    if (options.signal?.aborted === true) throw new SessionError('unreachable', 'The thing was stopped.');
    const exchange = new Exchange(stream, inbox, options.domain, random);
    const jid = await negotiate(exchange, options);
    return new AccountSession(stream, inbox, jid, exchange.domain, world);
  } catch (error) {
    stream.close();
    throw asSessionError(error);
  } finally {
    deadline.cancel();
    options.signal?.removeEventListener('abort', breakOff);
  }
}

async function negotiate(exchange: Exchange, options: SessionOptions): Promise<Jid> {
  const plain = await exchange.open();
  const features = await startTls(exchange, plain, options);
  await authenticate(exchange, features, options);
  exchange.stream.restart();
  const bound = await exchange.open();
  return bind(exchange, bound, options.resource);
}

async function startTls(exchange: Exchange, features: Element, options: SessionOptions): Promise<Element> {
  if (features.child('starttls', NS.tls) === undefined)
    throw new SessionError('not-encrypted', 'The hub offers no encryption, so nothing is said to it.');
  const answer = await exchange.ask(element('starttls', NS.tls), ['proceed', 'failure'], NS.tls);
  if (answer.name === 'failure')
    throw new SessionError('unreachable', 'The hub cannot begin encryption now.');
  const { stream, domain, inbox } = exchange;
  const secured = beginTls(stream.connection, domain, options.authority);
  stream.restart(secured);
  inbox.clear();
  const authority = await confirm(secured, domain, options.authority);
  await options.trusted?.({ domain, authority });
  const secure = await exchange.open();
  if (exchange.domain !== domain)
    throw new SessionError('certificate-refused', 'The hub calls itself otherwise once encryption began.');
  return secure;
}

async function authenticate(exchange: Exchange, features: Element, options: SessionOptions): Promise<void> {
  const { account, create, token } = options;
  if (create === 'first') {
    const made = await createUnlessTaken(exchange, features, options);
    try {
      await logIn(exchange, features, account);
    } catch (error) {
      if (made || !isFailure(error, 'login-refused')) throw error;
      throw new SessionError('name-taken', `The name ${account.name} is taken.`, { cause: error });
    }
    return;
  }
  try {
    await logIn(exchange, features, account);
  } catch (error) {
    if (create === 'never' || !isFailure(error, 'login-refused')) throw error;
    await createAccount(exchange, features, account, token);
    await logIn(exchange, features, account);
  }
}

async function createUnlessTaken(
  exchange: Exchange,
  features: Element,
  { account, token }: SessionOptions,
): Promise<boolean> {
  try {
    await createAccount(exchange, features, account, token);
    return true;
  } catch (error) {
    if (isFailure(error, 'name-taken')) return false;
    throw error;
  }
}

async function bind(exchange: Exchange, features: Element, resource: string): Promise<Jid> {
  if (features.child('bind', NS.bind) === undefined)
    throw new SessionError('protocol', 'The hub offers no resource binding.');
  const id = exchange.random.id();
  const payload = element('bind', NS.bind, {}, element('resource', NS.bind, {}, resource));
  const reply = await exchange.ask(request('set', id, payload), ['iq'], NS.client);
  const jid = reply.child('bind', NS.bind)?.child('jid')?.text();
  if (reply.attribute('id') !== id || reply.attribute('type') !== 'result' || jid === undefined)
    throw new SessionError('unreachable', `The hub binds no resource: ${errorCondition(reply)}.`);
  return Jid.parse(jid);
}

function isFailure(error: unknown, failure: SessionError['failure']): boolean {
  return error instanceof SessionError && error.failure === failure;
}

function asSessionError(error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  if (error instanceof HubError) return new SessionError('protocol', error.message, { cause: error });
  return new SessionError('unreachable', `The session with the hub failed: ${String(error)}`, {
    cause: error,
  });
}
