/** The key material that SCRAM needs of a password (RFC 5802 §3), never the password. Bytes in base 64. */
export interface ScramKeys {
  readonly salt: string;
  readonly iterations: number;
  readonly storedKey: string;
  readonly serverKey: string;
}

/** What an account may do at the hub: claim things and administer, or nothing but be there. */
export type Role = 'owner' | 'user';

/** A local account. */
export interface Account {
  /** Local part of its JID, normalised. */
  readonly name: string;
  readonly role: Role;
  readonly scram: { readonly 'SHA-1': ScramKeys; readonly 'SHA-256': ScramKeys };
  readonly createdAt: number;
  /** Address it was made from: an IP address, or `local` for the machine itself. */
  readonly createdFrom: string;
}
