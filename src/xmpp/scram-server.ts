import type { ScramKeys } from '../domain/account.js';
import { digest, hashLength, hmac, ScramError, type ScramHash, sameBytes, xor } from './scram.js';
import { type BindingType, type ClientFirst, readClientFinal, readClientFirst } from './scram-message.js';

/** What a server takes part in a SCRAM exchange with. */
export interface ScramServerOptions {
  readonly hash: ScramHash;
  /** Whether the client chose the mechanism with -PLUS. */
  readonly plus: boolean;
  /** The channel bindings offered on this connection; none without TLS. */
  readonly bindings: readonly BindingType[];
  /** The bytes of a binding of this connection. */
  binding(type: BindingType): Buffer | undefined;
  /** The server's part of the nonce: printable ASCII without a comma. */
  readonly nonce: string;
}

/**
 * The server's side of one SCRAM exchange (RFC 5802, RFC 7677), without input or output: `first` reads what the client
 * begins with, `challenge` answers with the keys of the account it names, `finish` checks the proof.
 */
export class ScramServer {
  private readonly options: ScramServerOptions;
  private clientFirst: ClientFirst | undefined;
  private serverFirst = '';
  private keys: ScramKeys | undefined;

  constructor(options: ScramServerOptions) {
    this.options = options;
  }

  /**
   * Reads client-first-message. Throws ScramError: `malformed`, or `refused` if the channel binding is not as it must
   * be; a client that says that we offer none although we do has been lied to in between (RFC 5802 §6).
   */
  first(message: string): ClientFirst {
    const first = readClientFirst(message);
    const { plus, bindings } = this.options;
    if (plus !== (first.flag === 'p'))
      throw new ScramError('malformed', 'Mechanism and channel binding do not fit together.');
    if (first.flag === 'y' && bindings.length > 0)
      throw new ScramError('refused', 'The offer of channel binding was hidden from the client.');
    if (plus && !bindings.some((type) => type === first.binding))
      throw new ScramError('refused', 'This channel binding is not offered.');
    this.clientFirst = first;
    return first;
  }

  /** server-first-message for the account with these keys. */
  challenge(keys: ScramKeys): string {
    this.keys = keys;
    const nonce = (this.clientFirst?.nonce ?? '') + this.options.nonce;
    this.serverFirst = `r=${nonce},s=${keys.salt},i=${keys.iterations}`;
    return this.serverFirst;
  }

  /**
   * Checks client-final-message; returns server-final-message. All is computed before anything is refused, so that
   * the time tells nothing. Throws ScramError `malformed` or `refused`.
   */
  finish(message: string): string {
    const { hash, nonce, bindings } = this.options;
    const { clientFirst, keys } = this;
    if (clientFirst === undefined || keys === undefined)
      throw new ScramError('malformed', 'The last message of SCRAM came before the first.');
    const final = readClientFinal(message);
    const signed = `${clientFirst.bare},${this.serverFirst},${final.withoutProof}`;
    const storedKey = Buffer.from(keys.storedKey, 'base64');
    const wholeProof = final.proof.length === hashLength[hash];
    const proof = wholeProof ? final.proof : Buffer.alloc(hashLength[hash]);
    const proven = sameBytes(digest(hash, xor(proof, hmac(hash, storedKey, signed))), storedKey);
    const type = bindings.find((offered) => offered === clientFirst.binding);
    const bytes = type === undefined ? Buffer.alloc(0) : this.options.binding(type);
    const expected = Buffer.concat([Buffer.from(clientFirst.header), bytes ?? Buffer.alloc(0)]);
    const bound = bytes !== undefined && sameBytes(final.channelBinding, expected);
    const fresh = final.nonce === clientFirst.nonce + nonce;
    if (!(wholeProof && proven && bound && fresh))
      throw new ScramError('refused', 'The proof of the password is wrong.');
    return `v=${hmac(hash, Buffer.from(keys.serverKey, 'base64'), signed).toString('base64')}`;
  }
}
