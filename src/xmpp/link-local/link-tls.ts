import { constants, type X509Certificate } from 'node:crypto';
import tls, { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { Connection } from '../../system/network.js';
import type { LinkIdentity } from './endpoint-options.js';

/** Longest chain of certificates that is read. */
const MAX_CHAIN = 5;

/** What a peer proved in TLS: SHA-256 fingerprints in lower-case hex. */
export interface Shown {
  readonly certificate: string | undefined;
  /** The certificate that signs itself and, link by link, signed the shown one; `undefined` where there is none. */
  readonly authority: string | undefined;
}

/** Nothing: in clear, or without a certificate. */
export const nothingShown: Shown = { certificate: undefined, authority: undefined };

/**
 * TLS between peers without a server: both show their certificates, nobody's signature is asked for, since the pin
 * decides. A session is never resumed: it would go on without the certificate.
 */
export class LinkTls {
  private readonly identity: () => LinkIdentity;
  private known: { readonly identity: LinkIdentity; readonly context: SecureContext } | undefined;

  /** `identity` tells what we show now. */
  constructor(identity: () => LinkIdentity) {
    this.identity = identity;
  }

  /** TLS as the side that was dialled (RFC 6120 §5.4.3). Throws where our key or certificate is none. */
  accept(connection: Connection): TLSSocket {
    return new TLSSocket(connection, {
      isServer: true,
      secureContext: this.context(),
      requestCert: true,
      rejectUnauthorized: false,
    });
  }

  /** TLS as the side that dialled. Throws where our key or certificate is none. */
  begin(connection: Connection): TLSSocket {
    return tls.connect({
      socket: connection,
      secureContext: this.context(),
      rejectUnauthorized: false,
    });
  }

  private context(): SecureContext {
    const identity = this.identity();
    if (this.known?.identity.key !== identity.key || this.known.identity.cert !== identity.cert)
      this.known = { identity, context: contextOf(identity) };
    return this.known.context;
  }
}

/** What the peer at the other end of this connection proved, once its first byte came. */
export function shownBy(connection: Connection): Shown {
  if (!(connection instanceof TLSSocket)) return nothingShown;
  const certificate = connection.getPeerX509Certificate();
  if (certificate === undefined) return nothingShown;
  return { certificate: fingerprint(certificate), authority: authorityOf(certificate) };
}

function contextOf({ key, cert }: LinkIdentity): SecureContext {
  return createSecureContext({
    key,
    cert,
    minVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET,
  });
}

/** Follows the chain that was shown, each signature checked, to one that signed itself. */
function authorityOf(leaf: X509Certificate): string | undefined {
  let top = leaf;
  for (let length = 1; !top.checkIssued(top); length++) {
    const issuer: X509Certificate | undefined = top.issuerCertificate;
    if (issuer === undefined || length >= MAX_CHAIN || !issuer.ca) return undefined;
    if (!top.checkIssued(issuer) || !top.verify(issuer.publicKey)) return undefined;
    top = issuer;
  }
  return top !== leaf && top.verify(top.publicKey) ? fingerprint(top) : undefined;
}

function fingerprint(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}
