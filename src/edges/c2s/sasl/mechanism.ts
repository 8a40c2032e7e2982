import type { SaslChannel } from './channel.js';
import type { Credentials, Identity } from './credentials.js';

/** What a mechanism asks of the exchange it is part of. */
export interface MechanismContext {
  readonly credentials: Credentials;
  readonly channel: SaslChannel;
  /** A fresh nonce: printable ASCII without a comma. */
  nonce(): string;
  /**
   * Checks the proof of an identity once it is its turn. `check` throws, or tells whether the proof is right. Rejects
   * with SaslFailure not-authorized for a wrong proof and for an account that is not there or no longer as it was.
   */
  judge(identity: Identity, check: () => boolean | Promise<boolean>): Promise<void>;
}

/** What a mechanism says to a message of the client; texts are not encoded yet. */
export type MechanismStep =
  | { readonly challenge: string }
  | { readonly name: string; readonly data: string | undefined };

/** One exchange of one mechanism. */
export interface Mechanism {
  /** The client's next message. Rejects with SaslFailure. */
  step(message: string): Promise<MechanismStep>;
}
