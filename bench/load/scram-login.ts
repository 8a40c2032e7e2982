import { randomBytes } from 'node:crypto';
import { digest, hmac, saltPassword, xor } from '../../src/xmpp/scram.js';
import { readServerFirst } from '../../src/xmpp/scram-message.js';

const salted = new Map<string, Promise<Buffer>>();

/** One login by SCRAM-SHA-1. A salted password is computed once for each salt: logins are not what is measured. */
export class ScramLogin {
  private readonly bare: string;
  private readonly password: string;

  constructor(user: string, password: string) {
    this.password = password;
    this.bare = `n=${user},r=${randomBytes(18).toString('base64').replaceAll('=', '')}`;
  }

  /** client-first-message. */
  first(): string {
    return `n,,${this.bare}`;
  }

  /** client-final-message for the server's challenge. */
  async final(challenge: string): Promise<string> {
    const server = readServerFirst(challenge);
    const withoutProof = `c=biws,r=${server.nonce}`;
    const signed = `${this.bare},${challenge},${withoutProof}`;
    const clientKey = hmac('SHA-1', await this.salt(server.salt, server.iterations), 'Client Key');
    const proof = xor(clientKey, hmac('SHA-1', digest('SHA-1', clientKey), signed));
    return `${withoutProof},p=${proof.toString('base64')}`;
  }

  private salt(salt: Uint8Array, iterations: number): Promise<Buffer> {
    const known = `${this.password} ${iterations} ${Buffer.from(salt).toString('base64')}`;
    const made = salted.get(known) ?? saltPassword('SHA-1', this.password, salt, iterations);
    salted.set(known, made);
    return made;
  }
}
