import type { Dialect } from './generation.js';

/** A device or service asks for a token, by the public part of its certificate [0324 3.1.3]. */
export interface GetToken {
  /** DER, as base64 text. */
  readonly certificate: string;
  /** What it speaks: challenges are padded as its clients decrypt them. Without it, as the XEP's own do. */
  readonly generation?: Dialect;
}

/** What only who has the private key can read. */
export interface Challenge {
  readonly seqnr: number;
  /** Random bytes, encrypted with the certificate's public key, as base64 text. */
  readonly challenge: string;
}

/** The decrypted challenge. */
export interface ChallengeAnswer {
  readonly seqnr: number;
  /** As base64 text. */
  readonly response: string;
}

/** The token: no white space, at least 128 random bits. */
export interface Token {
  readonly token: string;
}

/** The hub has a doubt about a token that it was sent: it goes back the way on which the token came. */
export interface TokenChallenge {
  readonly token: string;
  readonly challenge: string;
}

/** The decrypted challenge, as base64 text. */
export interface TokenChallengeAnswer {
  readonly response: string;
}

/** The public certificate behind a token. */
export interface Certificate {
  /** DER, as base64 text. */
  readonly certificate: string;
}

/** The operations about tokens. */
export interface TokenOperations {
  'get-token': { command: GetToken; answer: Challenge };
  'answer-challenge': { command: ChallengeAnswer; answer: Token };
  'challenge-token': { command: TokenChallenge; answer: TokenChallengeAnswer };
  'get-certificate': { command: Token; answer: Certificate };
}
