import type { X509Certificate } from 'node:crypto';
import tls from 'node:tls';
import type { Connection } from '../../system/network.js';
import { SessionError } from './session-error.js';

/** The authority that signs the hub's certificates, in PEM; `undefined` before the first contact. */
export type Authority = string | undefined;

/** Longest chain of certificates that is read. */
const MAX_CHAIN = 5;

/**
 * Begins TLS as the client over an open connection, for the XMPP domain. With a pinned authority the whole chain is
 * checked against it alone; without, `confirm` must decide what to pin.
 */
export function beginTls(connection: Connection, domain: string, pinned: Authority): tls.TLSSocket {
  return tls.connect({
    socket: connection,
    servername: domain,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: pinned !== undefined,
    ...(pinned === undefined ? {} : { ca: [pinned] }),
  });
}

/**
 * Resolves with the authority to pin once the handshake is done and the certificate is the domain's. Rejects with
 * authority-changed, certificate-refused or unreachable; the socket is destroyed then.
 */
export async function confirm(socket: tls.TLSSocket, domain: string, pinned: Authority): Promise<string> {
  try {
    await handshake(socket);
    return pinned ?? firstContact(socket, domain);
  } catch (error) {
    socket.destroy();
    throw error instanceof SessionError ? error : translate(error, domain);
  }
}

function handshake(socket: tls.TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
    socket.once('close', () =>
      reject(new SessionError('unreachable', 'The hub broke the connection off while encryption began.')),
    );
  });
}

/** Trust at first contact: the chain must be sound and end in an authority of its own, which is then kept. */
function firstContact(socket: tls.TLSSocket, domain: string): string {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) throw refused('it shows no certificate');
  if (leaf.checkHost(domain) === undefined) throw refused(`its certificate is not for ${domain}`);
  let top: X509Certificate = leaf;
  for (let length = 1; !top.checkIssued(top); length++) {
    const issuer: X509Certificate | undefined = top.issuerCertificate;
    if (issuer === undefined || length >= MAX_CHAIN)
      throw refused('it does not show who signed its certificate');
    if (!issuer.ca || !top.checkIssued(issuer) || !top.verify(issuer.publicKey))
      throw refused('its certificate is not signed by its authority');
    top = issuer;
  }
  if (!top.verify(top.publicKey)) throw refused('its authority did not sign itself');
  return top.toString();
}

const OTHER_AUTHORITY = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
]);

function translate(error: unknown, domain: string): SessionError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const options = { cause: error };
  if (OTHER_AUTHORITY.has(code)) {
    const text = `The hub of ${domain} shows another certificate authority than at first contact. If you set up the hub anew, make this thing forget its hub; if not, somebody may be pretending to be the hub.`;
    return new SessionError('authority-changed', text, options);
  }
  if (code.startsWith('CERT_') || code.startsWith('ERR_TLS_CERT')) {
    const text = `The hub's certificate is refused: ${(error as Error).message}. Check the clocks of the hub and of this machine.`;
    return new SessionError('certificate-refused', text, options);
  }
  return new SessionError('unreachable', `Encryption with the hub did not begin: ${String(error)}.`, options);
}

function refused(why: string): SessionError {
  return new SessionError('certificate-refused', `The hub is not trusted: ${why}.`);
}
