/** Conditions of a SASL failure (RFC 6120 §6.5) that the hub uses. */
export type SaslCondition =
  | 'aborted'
  | 'encryption-required'
  | 'incorrect-encoding'
  | 'invalid-authzid'
  | 'invalid-mechanism'
  | 'malformed-request'
  | 'not-authorized'
  | 'temporary-auth-failure';

/**
 * What to tell the client next. `data` is base 64 as it stands in `<challenge/>` and `<success/>`; `name` is the local
 * part of the account that logged in.
 */
export type SaslStep =
  | { readonly kind: 'challenge'; readonly data: string }
  | { readonly kind: 'success'; readonly name: string; readonly data: string | undefined }
  | { readonly kind: 'failure'; readonly condition: SaslCondition };

/** Ends an exchange with a failure. */
export class SaslFailure extends Error {
  readonly condition: SaslCondition;

  constructor(condition: SaslCondition) {
    super(condition);
    this.name = 'SaslFailure';
    this.condition = condition;
  }
}
