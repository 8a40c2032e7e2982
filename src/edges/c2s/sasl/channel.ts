import type { TLSSocket } from 'node:tls';
import { bindingBytes, bindingTypes } from '../../../xmpp/channel-binding.js';
import type { BindingType } from '../../../xmpp/scram-message.js';

/** What a login can be bound to: the connection below it. */
export interface SaslChannel {
  /** Whether the connection is encrypted. */
  readonly secure: boolean;
  /** The channel bindings it has, best first. */
  readonly bindings: readonly BindingType[];
  /** The bytes of one of them. */
  binding(type: BindingType): Buffer | undefined;
}

/** A connection without TLS. */
export const plainChannel: SaslChannel = { secure: false, bindings: [], binding: () => undefined };

/** A connection with TLS of which we are the server; its handshake is done. */
export function tlsChannel(socket: TLSSocket): SaslChannel {
  return {
    secure: true,
    bindings: bindingTypes(socket),
    binding: (type) => bindingBytes(socket, type, 'server'),
  };
}
