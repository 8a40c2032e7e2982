import type { Account, ScramKeys } from '../../../domain/account.js';
import { Jid } from '../../../domain/jid.js';
import { hashLength, hmac, SALT_LENGTH, type ScramHash } from '../../../xmpp/scram.js';

/** Where accounts are found by the local part of their address, normalised. */
export interface AccountSource {
  find(name: string): Account | undefined;
}

/** Whom a client says it is. */
export interface Identity {
  /** The local part, normalised where it can be. */
  readonly name: string;
  /** Bare JID; `undefined` where the name cannot be part of one. */
  readonly jid: string | undefined;
  /** What the proof is checked against: of no use to log in if there is no account. */
  readonly scram: Account['scram'];
}

/** What unknown accounts look like. */
export interface DecoyOptions {
  /** Rounds that accounts are made with, so that unknown ones show the same. */
  readonly iterations: number;
  /** A secret that stays the same across restarts: the salts of unknown accounts come from it. */
  readonly secret: Buffer;
}

/**
 * Finds whom a client says it is. An unknown name gets keys that nobody has the password of, always the same ones, and
 * is looked up by the same steps, so that neither answers nor times tell which accounts exist.
 */
export class Credentials {
  private readonly source: AccountSource;
  private readonly domain: string;
  private readonly decoy: DecoyOptions;

  constructor(source: AccountSource, domain: string, decoy: DecoyOptions) {
    this.source = source;
    this.domain = domain;
    this.decoy = decoy;
  }

  /** Looks a name up as the client wrote it. */
  identify(username: string): Identity {
    const jid = this.address(username);
    const name = jid?.local ?? username;
    const decoy = { 'SHA-1': this.decoyKeys('SHA-1', name), 'SHA-256': this.decoyKeys('SHA-256', name) };
    const account = jid === undefined ? undefined : this.source.find(name);
    return { name, jid: jid?.bare, scram: account?.scram ?? decoy };
  }

  /** Whether there is an account and its password is still the one that it had when it was looked up. */
  stillValid(identity: Identity): boolean {
    const now = this.source.find(identity.name)?.scram;
    return now !== undefined && now['SHA-256'].storedKey === identity.scram['SHA-256'].storedKey;
  }

  private address(username: string): Jid | undefined {
    try {
      return Jid.of(username, this.domain);
    } catch {
      // Whatever is no address is no account either; the client hears the same of both.
      return undefined;
    }
  }

  private decoyKeys(hash: ScramHash, name: string): ScramKeys {
    const derive = (what: string, length: number) =>
      hmac('SHA-256', this.decoy.secret, `${what} ${hash} ${name}`).subarray(0, length).toString('base64');
    return {
      salt: derive('salt', SALT_LENGTH),
      iterations: this.decoy.iterations,
      storedKey: derive('stored key', hashLength[hash]),
      serverKey: derive('server key', hashLength[hash]),
    };
  }
}

/** Whether the identity that a client wants to act as is its own: absent, or its bare JID (RFC 6120 §6.3.8). */
export function actsAsItself(authzid: string | undefined, identity: Identity): boolean {
  if (authzid === undefined || authzid === '') return true;
  try {
    return Jid.parse(authzid).full === identity.jid;
  } catch {
    // An identity that is no address is nobody's.
    return false;
  }
}
