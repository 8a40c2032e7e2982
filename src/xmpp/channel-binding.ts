import { createHash } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { BindingType } from './scram-message.js';

/** Which end of the connection we are. */
export type TlsSide = 'server' | 'client';

/**
 * The channel bindings that a TLS connection has, best first. tls-unique is defined up to TLS 1.2 only; tls-exporter
 * is used from TLS 1.3 on, since below it is unique only with an extension that cannot be asked for here (RFC 9266 §4).
 */
export function bindingTypes(socket: TLSSocket): readonly BindingType[] {
  return socket.getProtocol() === 'TLSv1.3'
    ? ['tls-exporter', 'tls-server-end-point']
    : ['tls-unique', 'tls-server-end-point'];
}

/** The bytes of a channel binding, `undefined` if the connection has none of this type. */
export function bindingBytes(socket: TLSSocket, type: BindingType, side: TlsSide): Buffer | undefined {
  if (!bindingTypes(socket).includes(type)) return undefined;
  if (type === 'tls-exporter')
    return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  return type === 'tls-unique' ? firstFinished(socket, side) : endPoint(socket, side);
}

/** The first Finished message (RFC 5929 §3): the client's, or the server's where a session is resumed. */
function firstFinished(socket: TLSSocket, side: TlsSide): Buffer | undefined {
  const ownComesFirst = socket.isSessionReused() === (side === 'server');
  return ownComesFirst ? socket.getFinished() : socket.getPeerFinished();
}

/** The hash of the server's certificate (RFC 5929 §4); the hub signs its certificates with SHA-256. */
function endPoint(socket: TLSSocket, side: TlsSide): Buffer | undefined {
  const certificate = side === 'server' ? socket.getCertificate() : socket.getPeerCertificate();
  if (certificate === null || !('raw' in certificate) || !Buffer.isBuffer(certificate.raw)) return undefined;
  return createHash('sha256').update(certificate.raw).digest();
}
