import { HubError } from '../../domain/errors.js';
import { Jid } from '../../domain/jid.js';
import type { Log } from '../../system/log.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import { errorReply, failureReply, resultReply } from '../../xmpp/stanza.js';
import type { AccountPorts } from './ports.js';
import { readCredentials } from './read-credentials.js';
import type { Resource } from './resource.js';

/** Changes of its account that a client may have sent and not been answered yet. */
const MAX_CHANGES = 8;

/** What a client asks of its server about its own stream and account: bind, session, XEP-0077 after login. */
export class AccountManagement {
  private readonly domain: string;
  private readonly accounts: AccountPorts;
  private readonly log: Log;

  constructor(domain: string, accounts: AccountPorts, log: Log) {
    this.domain = domain;
    this.accounts = accounts;
    this.log = log;
  }

  /** Takes an iq of these kinds to the server. Whether it was one. */
  take(stanza: Element, resource: Resource): boolean {
    const type = stanza.attribute('type');
    if (stanza.name !== 'iq' || (type !== 'get' && type !== 'set')) return false;
    const [payload, second] = stanza.children;
    if (payload === undefined || typeof payload === 'string' || second !== undefined) return false;
    const known = payload.ns === NS.register || payload.ns === NS.session || payload.ns === NS.bind;
    if (!known || stanza.attribute('id') === undefined || !this.isForServer(stanza, resource)) return false;
    if (payload.is('query', NS.register)) this.register(stanza, type, payload, resource);
    else if (payload.is('session', NS.session) && type === 'set') resource.send(resultReply(stanza));
    else resource.send(errorReply(stanza, 'not-allowed'));
    return true;
  }

  private isForServer(stanza: Element, resource: Resource): boolean {
    const to = stanza.attribute('to');
    if (to === undefined || to === this.domain || to === resource.jid.bare) return true;
    try {
      const { full } = Jid.parse(to);
      return full === this.domain || full === resource.jid.bare;
    } catch (error) {
      if (error instanceof HubError) return false;
      throw error;
    }
  }

  private register(stanza: Element, type: 'get' | 'set', query: Element, resource: Resource): void {
    if (type === 'get') {
      const { local } = resource.jid;
      resource.send(resultReply(stanza, registeredForm(local)));
      return;
    }
    const changes = resource.changes ?? { count: 0, last: Promise.resolve() };
    if (changes.count >= MAX_CHANGES) {
      resource.send(errorReply(stanza, 'too-many-requests'));
      return;
    }
    resource.changes = changes;
    changes.count += 1;
    // Passwords are hashed side by side: only one after another they take effect in the order that the client wants.
    changes.last = changes.last
      .then(() => this.perform(stanza, query, resource))
      .then(() => {
        changes.count -= 1;
        if (changes.count === 0) resource.changes = undefined;
      });
  }

  /** One change from its beginning to its answer. Never rejects. */
  private async perform(stanza: Element, query: Element, resource: Resource): Promise<void> {
    if (resource.stream.ended) return;
    const removal = query.child('remove') !== undefined;
    resource.managing = true;
    let key = this.keyOf(resource);
    let removed = false;
    try {
      if (removal) await this.remove(query, resource);
      else key = await this.changePassword(query, resource);
      removed = removal;
      resource.send(resultReply(stanza));
    } catch (error) {
      this.failed(stanza, error, resource);
    }
    resource.managing = false;
    // XEP-0077 §3.2: an account that is removed hears so before its stream ends.
    if (removed) resource.stream.fail('not-authorized', 'This account is removed.');
    // One batch may hold a change of its own and another's behind it: only the key tells whose word was the last.
    else if (key === undefined || this.keyOf(resource) !== key)
      resource.stream.fail('not-authorized', 'Somebody else changed this account.');
  }

  private async remove(query: Element, { jid }: Resource): Promise<void> {
    if (query.elements().length > 1) throw new HubError('bad-request', 'A removal stands alone.');
    await this.accounts.remove.run(jid.local, jid.bare);
  }

  /** Resolves with what the password is checked by from then on. */
  private async changePassword(query: Element, resource: Resource): Promise<string> {
    const own = resource.jid.local;
    const { name, password } = readCredentials(query, this.domain);
    if (name !== own)
      throw new HubError('not-allowed', 'You can change the password of your own account only.');
    const { changePassword } = this.accounts;
    const { key } = await changePassword.run(own, password, resource.jid.bare, this.keyOf(resource));
    return key;
  }

  /** What the password is checked by now; `undefined` if the account is gone. */
  private keyOf({ jid }: Resource): string | undefined {
    return this.accounts.directory.find(jid.local)?.scram['SHA-256'].storedKey;
  }

  private failed(stanza: Element, error: unknown, resource: Resource): void {
    if (!(error instanceof HubError))
      this.log.error('An account could not be changed.', { error: String(error) });
    resource.send(failureReply(stanza, error));
  }
}

function registeredForm(name: string): Element {
  return element(
    'query',
    NS.register,
    {},
    element('registered', NS.register),
    element('username', NS.register, {}, name),
    element('password', NS.register),
  );
}
