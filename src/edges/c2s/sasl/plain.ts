import { HubError } from '../../../domain/errors.js';
import { saltPassword, sameBytes, serverKeys } from '../../../xmpp/scram.js';
import { actsAsItself, type Identity } from './credentials.js';
import type { Mechanism, MechanismContext, MechanismStep } from './mechanism.js';
import { SaslFailure } from './step.js';

/** PLAIN (RFC 4616): the password itself, under TLS only. It is compared with the keys that are kept of it. */
export class PlainMechanism implements Mechanism {
  private readonly context: MechanismContext;

  constructor(context: MechanismContext) {
    this.context = context;
  }

  async step(message: string): Promise<MechanismStep> {
    const [authzid, username, password, ...more] = message.split('\u0000');
    if (!username || !password || more.length > 0) throw new SaslFailure('malformed-request');
    const identity = this.context.credentials.identify(username);
    if (!actsAsItself(authzid, identity)) throw new SaslFailure('invalid-authzid');
    await this.context.judge(identity, () => isPassword(password, identity));
    return { name: identity.name, data: undefined };
  }
}

async function isPassword(password: string, { scram }: Identity): Promise<boolean> {
  const { salt, iterations, storedKey } = scram['SHA-256'];
  try {
    const salted = await saltPassword('SHA-256', password, Buffer.from(salt, 'base64'), iterations);
    const keys = serverKeys('SHA-256', salted);
    return sameBytes(Buffer.from(keys.storedKey, 'base64'), Buffer.from(storedKey, 'base64'));
  } catch (error) {
    // What cannot be a password is a wrong one.
    if (error instanceof HubError && error.code === 'not-acceptable') return false;
    throw error;
  }
}
