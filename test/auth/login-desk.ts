import { createHash } from 'node:crypto';
import type { Account } from '../../src/domain/account.js';
import type { SaslChannel } from '../../src/edges/c2s/sasl/channel.js';
import { Credentials } from '../../src/edges/c2s/sasl/credentials.js';
import { SaslNegotiation } from '../../src/edges/c2s/sasl/negotiation.js';
import { LoginGuard } from '../../src/services/accounts/login-guard.js';
import { SystemRandom } from '../../src/system/random.js';
import { accountKeys } from '../../src/xmpp/scram.js';
import { CollectedLog } from '../world/collected-log.js';
import { ManualClock } from '../world/manual-clock.js';

export const ITERATIONS = 4096;

/** A connection under TLS with made-up bindings. */
export const fakeTls: SaslChannel = {
  secure: true,
  bindings: ['tls-exporter', 'tls-server-end-point'],
  binding: (type) => createHash('sha256').update(type).digest(),
};

/** A hub with the account `lamp`, password `pencil`, for logins to be tried on. */
export class LoginDesk {
  readonly clock = new ManualClock();
  readonly log = new CollectedLog();
  readonly guard = new LoginGuard(this.clock);
  readonly accounts = new Map<string, Account>();
  readonly random = new SystemRandom();
  readonly credentials = new Credentials({ find: (name) => this.accounts.get(name) }, 'home.local', {
    iterations: ITERATIONS,
    secret: Buffer.from('secret'),
  });

  /** Makes the account. */
  async open(): Promise<this> {
    await this.add('lamp', 'pencil');
    return this;
  }

  /** Makes or changes an account. */
  async add(name: string, password: string, iterations = ITERATIONS): Promise<void> {
    const scram = await accountKeys(password, iterations, this.random);
    this.accounts.set(name, { name, role: 'user', scram, createdAt: 0, createdFrom: 'local' });
  }

  /** A connection. */
  connect(channel: SaslChannel = fakeTls, address = '192.0.2.7'): SaslNegotiation {
    return new SaslNegotiation(this, channel, address);
  }
}

/** Text in base 64. */
export const b64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64');

/** The text that base 64 stands for. */
export const text = (data: string | undefined): string => Buffer.from(data ?? '', 'base64').toString();
