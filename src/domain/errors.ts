/** Stanza error types of RFC 6120 §8.3.2. */
export type StanzaErrorType = 'auth' | 'cancel' | 'continue' | 'modify' | 'wait';

interface ErrorRow {
  readonly type: StanzaErrorType;
  /** Defined condition of RFC 6120 §8.3.3. */
  readonly condition: string;
  readonly http: number;
  /** What happened and what to do next, for a person. */
  readonly text: string;
}

/** Every refusal the hub knows: one table for stanza errors, HTTP statuses, the CLI and the documentation. */
export const errorTable = {
  'bad-request': {
    type: 'modify',
    condition: 'bad-request',
    http: 400,
    text: 'The request is malformed. Correct it and send it again.',
  },
  'jid-malformed': {
    type: 'modify',
    condition: 'jid-malformed',
    http: 400,
    text: 'This is not an XMPP address. Write it as name@domain.',
  },
  'claim-code-malformed': {
    type: 'modify',
    condition: 'bad-request',
    http: 400,
    text: 'This is not a claim code. Copy the whole text of the QR code, from "iotdisco:" or "IoTDisco;" on.',
  },
  'not-authorized': { type: 'auth', condition: 'not-authorized', http: 401, text: 'Log in first.' },
  forbidden: { type: 'auth', condition: 'forbidden', http: 403, text: 'This address may not do that.' },
  'owner-only': {
    type: 'auth',
    condition: 'forbidden',
    http: 403,
    text: 'Only an owner of this hub may do that.',
  },
  'certificate-needed': {
    type: 'auth',
    condition: 'forbidden',
    http: 403,
    text: 'A name alone proves nothing on the link. Register there over TLS with a certificate of your own, before somebody claims the thing; or log in to an account of this hub.',
  },
  'account-needed': {
    type: 'auth',
    condition: 'forbidden',
    http: 403,
    text: 'On the link nobody is an owner. Log in to an account of this hub; its administrator makes one with: hearth accounts add NAME',
  },
  'wrong-certificate': {
    type: 'auth',
    condition: 'not-authorized',
    http: 401,
    text: 'This name speaks only over TLS with the certificate that it registered with. If the thing lost its key, its owner says so with: hearth things trust ADDRESS',
  },
  'item-not-found': {
    type: 'cancel',
    condition: 'item-not-found',
    http: 404,
    text: 'There is no such item, or it is not yours.',
  },
  'question-not-found': {
    type: 'cancel',
    condition: 'item-not-found',
    http: 404,
    text: 'No question has this number. See: hearth pending',
  },
  'rule-not-found': {
    type: 'cancel',
    condition: 'item-not-found',
    http: 404,
    text: 'No rule has this id. See: hearth rules',
  },
  'account-not-found': {
    type: 'cancel',
    condition: 'item-not-found',
    http: 404,
    text: 'There is no such account. See: hearth accounts',
  },
  'no-owner': {
    type: 'cancel',
    condition: 'item-not-found',
    http: 409,
    text: 'This hub has no owner yet. Make one with: hearth accounts add NAME --owner',
  },
  'which-owner': {
    type: 'modify',
    condition: 'bad-request',
    http: 409,
    text: 'This hub has several owners. Say which one with: --owner JID',
  },
  conflict: { type: 'cancel', condition: 'conflict', http: 409, text: 'This name is taken. Choose another.' },
  'not-acceptable': {
    type: 'modify',
    condition: 'not-acceptable',
    http: 406,
    text: 'The request lacks something, or has too much. Correct it and send it again.',
  },
  'not-allowed': { type: 'cancel', condition: 'not-allowed', http: 405, text: 'This is not allowed here.' },
  'registration-closed': {
    type: 'cancel',
    condition: 'not-allowed',
    http: 403,
    text: 'This hub makes no accounts over the network now. Its owner can make one with: hearth accounts add NAME',
  },
  'too-many-requests': {
    type: 'wait',
    condition: 'resource-constraint',
    http: 429,
    text: 'Too many requests. Wait a minute and try again.',
  },
  'search-too-costly': {
    type: 'modify',
    condition: 'resource-constraint',
    http: 422,
    text: 'This search takes too many steps. Add an operator that names a value, or shorten the regular expression.',
  },
  'limit-reached': {
    type: 'cancel',
    condition: 'resource-constraint',
    http: 507,
    text: 'A limit of this hub is reached. Its owner can raise it in the configuration (limits.*).',
  },
  'service-unavailable': {
    type: 'cancel',
    condition: 'service-unavailable',
    http: 404,
    text: 'This is not offered here.',
  },
  'recipient-unavailable': {
    type: 'wait',
    condition: 'recipient-unavailable',
    http: 503,
    text: 'The receiver is not connected now.',
  },
  'remote-server-not-found': {
    type: 'cancel',
    condition: 'remote-server-not-found',
    http: 404,
    text: 'This hub does not reach that domain.',
  },
  'time-unknown': {
    type: 'wait',
    condition: 'internal-server-error',
    http: 503,
    text: 'The hub does not know what time it is, so it judges nothing that depends on it. Try again once its clock is set.',
  },
  'safe-mode': {
    type: 'wait',
    condition: 'internal-server-error',
    http: 503,
    text: 'The hub is in safe mode because its data is damaged: nothing is changed and nothing is allowed. See: hearth status',
  },
  'store-failed': {
    type: 'wait',
    condition: 'internal-server-error',
    http: 503,
    text: 'The hub could not write its data, so nothing was changed. Check the disk (full? read-only?), then restart the hub.',
  },
  'internal-server-error': {
    type: 'cancel',
    condition: 'internal-server-error',
    http: 500,
    text: 'Something went wrong in the hub. Its log says what.',
  },
} as const satisfies Record<string, ErrorRow>;

/** A code of the table of errors. */
export type ErrorCode = keyof typeof errorTable;

/** A refusal with a code of the table. `detail` replaces the table's text where more can be said. */
export class HubError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? errorTable[code].text, options);
    this.name = 'HubError';
    this.code = code;
    this.detail = detail;
  }
}

/** The error's row of the table; anything but a HubError counts as internal-server-error. */
export function errorRow(error: unknown): ErrorRow {
  return errorTable[error instanceof HubError ? error.code : 'internal-server-error'];
}
