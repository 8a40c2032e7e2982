/** Why a session with the hub did not come about, or ended. */
export type SessionFailure =
  /** Nobody answers, the connection broke, or the time was over: worth another try. */
  | 'unreachable'
  /** The hub shows another certificate authority than at first contact. */
  | 'authority-changed'
  /** The hub's certificate is not what it must be: another name, expired, not signed by its authority. */
  | 'certificate-refused'
  /** The hub offers no encryption. */
  | 'not-encrypted'
  /** The hub makes no accounts now. */
  | 'account-refused'
  /** The wanted account exists already. */
  | 'name-taken'
  /** The hub does not take the account's password, or does not know the account; without a server, the certificate. */
  | 'login-refused'
  /** The hub said something that XMPP does not allow. */
  | 'protocol'
  /** The domain offers no registry of things. */
  | 'no-registry';

/** A failure of a session, with a text that tells a person what happened and what to do next. */
export class SessionError extends Error {
  readonly failure: SessionFailure;

  constructor(failure: SessionFailure, text: string, options?: ErrorOptions) {
    super(text, options);
    this.name = 'SessionError';
    this.failure = failure;
  }
}
