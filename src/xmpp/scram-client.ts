import { saslprep } from './saslprep.js';
import { digest, hmac, ScramError, type ScramHash, saltPassword, sameBytes, xor } from './scram.js';
import { type BindingType, decodeBase64, encodeSaslName, readServerFirst } from './scram-message.js';

/** What a client logs in with. */
export interface ScramClientOptions {
  readonly hash: ScramHash;
  /** Local part of the account. */
  readonly username: string;
  readonly password: string;
  /** Whom to act as, if not the account itself. */
  readonly authzid?: string | undefined;
  /** The client's part of the nonce: printable ASCII without a comma, fresh for each exchange. */
  readonly nonce: string;
  /**
   * Bytes that bind the login to its TLS channel, for a mechanism with -PLUS. `unoffered`: the client could bind but
   * the server offered no mechanism with -PLUS. Absent: the client cannot.
   */
  readonly binding?: { readonly type: BindingType; readonly bytes: Buffer } | 'unoffered' | undefined;
}

/** Fewer rounds than this make a stolen answer cheap to guess (RFC 7677 §4). */
const FEWEST_ITERATIONS = 4096;
/** More would keep a small machine busy for minutes. */
const MOST_ITERATIONS = 1_000_000;

/**
 * The client's side of one SCRAM exchange (RFC 5802, RFC 7677), without input or output. The server is believed only
 * once `finish` returned: it knows the password's keys too.
 */
export class ScramClient {
  private readonly options: ScramClientOptions;
  private readonly header: string;
  private bare = '';
  private expected: Buffer | undefined;

  constructor(options: ScramClientOptions) {
    this.options = options;
    const { binding, authzid } = options;
    const identity = authzid === undefined ? '' : `a=${encodeSaslName(authzid)}`;
    const bound = typeof binding === 'object' ? `p=${binding.type}` : 'y';
    this.header = `${binding === undefined ? 'n' : bound},${identity},`;
  }

  /** client-first-message. Rejects with not-acceptable if the name cannot be one. */
  async first(): Promise<string> {
    const name = encodeSaslName(await saslprep(this.options.username));
    this.bare = `n=${name},r=${this.options.nonce}`;
    return this.header + this.bare;
  }

  /** client-final-message for the server's challenge. Rejects with ScramError `malformed` or `refused`. */
  async respond(challenge: string): Promise<string> {
    const { hash, password, nonce, binding } = this.options;
    const server = readServerFirst(challenge);
    if (!server.nonce.startsWith(nonce) || server.nonce.length === nonce.length)
      throw new ScramError('refused', 'The server answers to another login.');
    if (server.iterations < FEWEST_ITERATIONS || server.iterations > MOST_ITERATIONS)
      throw new ScramError('refused', `The server asks for ${server.iterations} rounds, which is not safe.`);
    const bytes = typeof binding === 'object' ? binding.bytes : Buffer.alloc(0);
    const bound = Buffer.concat([Buffer.from(this.header), bytes]).toString('base64');
    const withoutProof = `c=${bound},r=${server.nonce}`;
    const signed = `${this.bare},${challenge},${withoutProof}`;
    const salted = await saltPassword(hash, password, server.salt, server.iterations);
    const clientKey = hmac(hash, salted, 'Client Key');
    const proof = xor(clientKey, hmac(hash, digest(hash, clientKey), signed));
    this.expected = hmac(hash, hmac(hash, salted, 'Server Key'), signed);
    return `${withoutProof},p=${proof.toString('base64')}`;
  }

  /**
   * Checks server-final-message, the additional data of `<success/>`. Throws ScramError `refused` if the server does
   * not know the password, or says nothing at all.
   */
  finish(message: string): void {
    const [, text] = /^v=([^,]+)(?:,.*)?$/s.exec(message) ?? [];
    const signature = text === undefined ? undefined : decodeBase64(text);
    if (signature === undefined || this.expected === undefined || !sameBytes(signature, this.expected))
      throw new ScramError('refused', 'The server did not prove that it knows the password.');
  }
}
