import { HubError } from '../../domain/errors.js';
import { type Element, element } from '../../xmpp/element.js';
import { NS } from '../../xmpp/namespaces.js';
import { isOnLink } from './addresses.js';
import type { C2sContext } from './context.js';
import { readCredentials } from './read-credentials.js';

/** The namespace of XEP-0445. */
export const PRE_AUTH = 'urn:xmpp:pars:0';

/** Accounts made over one stream before login (XEP-0077, XEP-0445). */
export class Registration {
  private readonly context: C2sContext;
  private readonly address: string;
  /** The setup code that the client showed, until its account is made. */
  private setupCode: string | undefined;

  /** `address`: the IP address of the peer. */
  constructor(context: C2sContext, address: string) {
    this.context = context;
    this.address = address;
  }

  /** Whether to say that accounts can be made here. */
  get offered(): boolean {
    return this.allowed || this.context.options.registration === 'invite';
  }

  /** Whether this is a request that registration takes. */
  takes(payload: Element): boolean {
    return payload.is('query', NS.register) || payload.is('preauth', PRE_AUTH);
  }

  /** Resolves with the payload of the result. Refuses by a HubError. */
  async answer(type: 'get' | 'set', payload: Element): Promise<Element | undefined> {
    if (payload.is('preauth', PRE_AUTH)) this.redeem(type, payload);
    else if (!this.allowed) throw new HubError('registration-closed');
    else if (type === 'get') return form();
    else await this.create(payload);
    return undefined;
  }

  private get allowed(): boolean {
    const { options, network, windowOpen } = this.context;
    if (options.registration === 'closed') return false;
    if (this.setupCode !== undefined) return true;
    if (options.registration === 'window') return windowOpen();
    return options.registration === 'open' && isOnLink(this.address, network.interfaces());
  }

  /** XEP-0445: the setup code is the token that makes an owner; one that is not valid is item-not-found. */
  private redeem(type: 'get' | 'set', preauth: Element): void {
    const token = preauth.attribute('token') ?? '';
    if (type !== 'set' || token === '') throw new HubError('bad-request');
    if (this.context.options.registration === 'closed') throw new HubError('registration-closed');
    if (!this.context.accounts.setupCode.check(token))
      throw new HubError(
        'item-not-found',
        'This setup code is wrong or too old. Get a new one: hearth owner',
      );
    this.setupCode = token;
  }

  private async create(query: Element): Promise<void> {
    if (query.child('remove') !== undefined) throw new HubError('not-authorized');
    const { name, password } = readCredentials(query, this.context.options.domain);
    const { address: from, setupCode } = this;
    await this.context.accounts.create.run({ name, password, role: 'user', from, setupCode });
    this.setupCode = undefined;
  }
}

function form(): Element {
  return element(
    'query',
    NS.register,
    {},
    element('instructions', NS.register, {}, 'Choose a username and a password.'),
    element('username', NS.register),
    element('password', NS.register),
  );
}
