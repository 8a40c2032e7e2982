import { constants } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

/**
 * Forward secret, authenticated ciphers for an ECDSA certificate; the last two, CCM and CBC, for things with small TLS
 * libraries. None of them is anonymous or without encryption (RFC 7590, RFC 9325).
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-CCM',
  'ECDHE-ECDSA-AES128-SHA256',
].join(':');

/** What the server accepts TLS connections with: version 1.2 or newer, no renegotiation. Both texts in PEM. */
export function serverContext(key: string, chain: string): SecureContext {
  return createSecureContext({
    key,
    cert: chain,
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
  });
}
