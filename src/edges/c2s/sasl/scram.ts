import { ScramError, type ScramHash } from '../../../xmpp/scram.js';
import { ScramServer } from '../../../xmpp/scram-server.js';
import { actsAsItself, type Identity } from './credentials.js';
import type { Mechanism, MechanismContext, MechanismStep } from './mechanism.js';
import { SaslFailure } from './step.js';

/** SCRAM-SHA-1, SCRAM-SHA-256 and both with -PLUS as mechanisms of the hub. */
export class ScramMechanism implements Mechanism {
  private readonly context: MechanismContext;
  private readonly hash: ScramHash;
  private readonly server: ScramServer;
  private identity: Identity | undefined;

  constructor(context: MechanismContext, hash: ScramHash, plus: boolean) {
    this.context = context;
    this.hash = hash;
    const { bindings } = context.channel;
    const binding = context.channel.binding.bind(context.channel);
    this.server = new ScramServer({ hash, plus, bindings, binding, nonce: context.nonce() });
  }

  async step(message: string): Promise<MechanismStep> {
    try {
      return this.identity === undefined ? this.begin(message) : await this.end(message, this.identity);
    } catch (error) {
      if (!(error instanceof ScramError)) throw error;
      throw new SaslFailure(error.kind === 'malformed' ? 'malformed-request' : 'not-authorized');
    }
  }

  private begin(message: string): MechanismStep {
    const first = this.server.first(message);
    const identity = this.context.credentials.identify(first.username);
    if (!actsAsItself(first.authzid, identity)) throw new SaslFailure('invalid-authzid');
    this.identity = identity;
    return { challenge: this.server.challenge(identity.scram[this.hash]) };
  }

  private async end(message: string, identity: Identity): Promise<MechanismStep> {
    let data: string | undefined;
    await this.context.judge(identity, () => {
      data = this.prove(message);
      return data !== undefined;
    });
    return { name: identity.name, data };
  }

  private prove(message: string): string | undefined {
    try {
      return this.server.finish(message);
    } catch (error) {
      if (error instanceof ScramError && error.kind === 'refused') return undefined;
      throw error;
    }
  }
}
