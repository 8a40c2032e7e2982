import { type SecureContext, TLSSocket } from 'node:tls';
import type { Connection } from '../../system/network.js';
import type { XmppStream } from '../../xmpp/stream.js';

/** The stream goes on inside TLS (RFC 6120 §5.4.3); what the client sent in clear behind `<starttls/>` is dropped. */
export function startTls(stream: XmppStream, context: SecureContext): void {
  stream.restart(serverSide(stream.connection, context));
}

/** Direct TLS (XEP-0368): a client that names a protocol by ALPN must name xmpp-client. */
export function directTls(connection: Connection, context: SecureContext): Connection {
  return serverSide(connection, context, ['xmpp-client']);
}

function serverSide(connection: Connection, context: SecureContext, protocols?: string[]): TLSSocket {
  return new TLSSocket(connection, {
    isServer: true,
    secureContext: context,
    requestCert: false,
    ...(protocols !== undefined && { ALPNProtocols: protocols }),
  });
}
