import type { Credential, CredentialKind } from '../../domain/service-commands.js';

/** Characters of a description, and of one value in it. */
const LONGEST = 256;
const LONGEST_VALUE = 64;

/** What is told of the credentials that are secret or say nothing to a person. */
const UNTOLD: { readonly [Kind in CredentialKind]?: string } = {
  sso: 'a token of single sign on',
  x509Certificate: 'a certificate',
  x509CertificateThumbprint: 'the thumbprint of a certificate',
};

/** What a service said of a user, for an owner to read: no secrets, and no more than fits on a few lines. */
export function describeUser(credentials: readonly Credential[]): string {
  const told = credentials.map(
    ({ kind, value }) => UNTOLD[kind] ?? `${kind} ${value.slice(0, LONGEST_VALUE)}`,
  );
  const text = told.join(', ');
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
