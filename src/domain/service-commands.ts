/** The kinds of credentials that a service may have of a user, by the names of the schema [0324 3.6.2]. */
export const credentialKinds = [
  'jid',
  'ip4',
  'ip6',
  'hostName',
  'x509Certificate',
  'x509CertificateThumbprint',
  'userName',
  'longitude',
  'latitude',
  'altitude',
  'sso',
  'protocol',
] as const;

/** A kind of credential. */
export type CredentialKind = (typeof credentialKinds)[number];

/**
 * Something by which a service knows a user. The hub verifies none of it: it is as true as the service is careful.
 * Certificates and thumbprints as base64 text, numbers as decimals.
 */
export interface Credential {
  readonly kind: CredentialKind;
  readonly value: string;
}

/** A service asks whether a user may use it [0324 3.6.2]. */
export interface CanAccess {
  readonly serviceToken: string;
  readonly credentials: readonly Credential[];
  /** Whether the request listed `credentials type value`, or the typed elements of the schema. */
  readonly listed: boolean;
}

/** Whether he may, and the token by which service and hub speak of him. */
export interface CanAccessAnswer {
  readonly result: boolean;
  readonly userToken?: string;
}

/** The user has logged in at the service. */
export interface UserLoggedIn {
  readonly serviceToken: string;
  readonly userToken: string;
  readonly userName: string;
}

/** A service asks whether a user may do something in it; ids form a tree, parted by periods [0324 3.7.1]. */
export interface HasPrivilege {
  readonly serviceToken: string;
  readonly userToken: string;
  readonly privilegeId: string;
}

/** One line of a list of privileges: the first line that fits decides. */
export interface PrivilegeEntry {
  readonly include: boolean;
  /** A whole id, or that of a tree of them. */
  readonly id: string;
}

/** The operations of services. */
export interface ServiceOperations {
  'can-access': { command: CanAccess; answer: CanAccessAnswer };
  'user-logged-in': { command: UserLoggedIn; answer: undefined };
  'has-privilege': { command: HasPrivilege; answer: { readonly result: boolean } };
  'download-privileges': {
    command: { readonly serviceToken: string; readonly userToken: string };
    answer: { readonly entries: readonly PrivilegeEntry[] };
  };
}
